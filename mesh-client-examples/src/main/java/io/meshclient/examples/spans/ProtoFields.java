package io.meshclient.examples.spans;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The fields of a Protocol Buffers message, in order. */
final class ProtoFields {

  /**
   * One of them.
   *
   * @param value of a number
   * @param bytes of a text, of bytes and of a message
   */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares fields
  record Field(int number, long value, byte[] bytes) {
    String text() {
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  private static final byte[] NOTHING = {};

  private ProtoFields() {}

  /**
   * @throws IllegalArgumentException if it is no message
   */
  static List<Field> of(byte[] message) {
    ByteBuffer in = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
    List<Field> fields = new ArrayList<>();
    try {
      while (in.hasRemaining()) {
        fields.add(next(in));
      }
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException("a message that ends early", e);
    }
    return fields;
  }

  private static Field next(ByteBuffer in) {
    long key = varint(in);
    int number = (int) (key >>> 3);
    return switch ((int) (key & 7)) {
      case 0 -> new Field(number, varint(in), NOTHING);
      case 1 -> new Field(number, in.getLong(), NOTHING);
      case 2 -> {
        long length = varint(in);
        if (length < 0 || length > in.remaining()) {
          throw new IllegalArgumentException("field " + number + " ends early");
        }
        byte[] bytes = new byte[(int) length];
        in.get(bytes);
        yield new Field(number, 0, bytes);
      }
      case 5 -> new Field(number, in.getInt(), NOTHING);
      default ->
          throw new IllegalArgumentException(
              "field " + number + ": wire type " + (key & 7) + " (expected: 0, 1, 2 or 5)");
    };
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      byte octet = in.get();
      value |= (long) (octet & 0x7f) << shift;
      if (octet >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("a number of more than 64 bits");
  }
}
