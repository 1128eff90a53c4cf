package io.meshclient.cli.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A Protocol Buffers message that is being written. */
final class Message {
  private static final int FIXED64 = 1;
  private static final int LENGTH_DELIMITED = 2;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  Message text(int field, String value) {
    return bytes(field, value.getBytes(UTF_8));
  }

  Message bytes(int field, byte[] value) {
    varint(field << 3 | LENGTH_DELIMITED);
    varint(value.length);
    out.writeBytes(value);
    return this;
  }

  Message message(int field, Message value) {
    return bytes(field, value.toBytes());
  }

  Message number(int field, double value) {
    varint(field << 3 | FIXED64);
    out.writeBytes(
        ByteBuffer.allocate(Double.BYTES).order(ByteOrder.LITTLE_ENDIAN).putDouble(value).array());
    return this;
  }

  /** An entry of a map with texts for keys. */
  Message entry(int field, String key, byte[] value) {
    return message(field, new Message().text(1, key).bytes(2, value));
  }

  byte[] toBytes() {
    return out.toByteArray();
  }

  private void varint(int value) {
    int rest = value;
    for (; rest >= 0x80; rest >>>= 7) {
      out.write(rest & 0x7f | 0x80);
    }
    out.write(rest);
  }
}
