package io.meshclient.identity;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads the fields of a Protocol Buffers message one after the other. Fields that nobody asks for
 * are passed over; whatever does not add up is refused. No length is believed before it is compared
 * with what is there, so that a message costs at most its own size.
 */
final class ProtoReader {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int LENGTH_DELIMITED = 2;
  private static final int FIXED32 = 5;
  private static final int MAX_FIELD = (1 << 29) - 1;

  private final byte[] bytes;
  private final int end;
  private int at;
  private int field;
  private int type = -1;

  ProtoReader(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  private ProtoReader(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    this.at = from;
    this.end = to;
  }

  /** Goes to the next field, past the value of this one if it was not read; 0 at the end. */
  int next() throws IdentityException {
    skip();
    if (at == end) {
      return 0;
    }
    long key = varint();
    long number = key >>> 3;
    if (number < 1 || number > MAX_FIELD) {
      throw malformed("field " + number + " (expected: 1 to " + MAX_FIELD + ")");
    }
    field = (int) number;
    type = (int) (key & 7);
    return field;
  }

  byte[] bytes() throws IdentityException {
    int length = length();
    byte[] value = Arrays.copyOfRange(bytes, at, at + length);
    at += length;
    return value;
  }

  String text() throws IdentityException {
    int length = length();
    ByteBuffer value = ByteBuffer.wrap(bytes, at, length);
    at += length;
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(value).toString();
    } catch (CharacterCodingException e) {
      throw malformed("field " + field + ": not UTF-8");
    }
  }

  ProtoReader message() throws IdentityException {
    int length = length();
    ProtoReader value = new ProtoReader(bytes, at, at + length);
    at += length;
    return value;
  }

  private int length() throws IdentityException {
    if (type != LENGTH_DELIMITED) {
      throw malformed("field " + field + ": wire type " + type + " (expected: 2)");
    }
    type = -1;
    return length(varint());
  }

  private int length(long length) throws IdentityException {
    if (length < 0 || length > end - at) {
      throw malformed("field " + field + ": ends early");
    }
    return (int) length;
  }

  private void skip() throws IdentityException {
    int unread = type;
    type = -1;
    switch (unread) {
      case -1 -> {}
      case VARINT -> varint();
      case FIXED64 -> pass(Long.BYTES);
      case LENGTH_DELIMITED -> pass(varint());
      case FIXED32 -> pass(Integer.BYTES);
      default -> throw malformed("field " + field + ": wire type " + unread);
    }
  }

  private void pass(long length) throws IdentityException {
    at += length(length);
  }

  private long varint() throws IdentityException {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      if (at == end) {
        throw malformed("a number ends early");
      }
      int octet = bytes[at++];
      value |= (long) (octet & 0x7f) << shift;
      if (octet >= 0) {
        return value;
      }
    }
    throw malformed("a number of more than 64 bits");
  }

  private IdentityException malformed(String what) {
    return new IdentityException("malformed message: " + what);
  }
}
