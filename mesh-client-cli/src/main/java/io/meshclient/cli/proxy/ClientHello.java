package io.meshclient.cli.proxy;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a TLS client says first (RFC 8446, section 4.1.2). The JDK cannot be asked for the server's
 * name: Istio's clients send names with underscores, such as {@code
 * outbound_.8080_._.web.default.svc.cluster.local}, for which it breaks the handshake off.
 */
final class ClientHello {
  private static final byte HANDSHAKE = 22;
  private static final int CLIENT_HELLO = 1;
  private static final int RECORD_HEAD = 5;
  private static final int SERVER_NAME = 0;

  private ClientHello() {}

  /** Whether a connection that begins like this may be TLS. */
  static boolean begins(ByteBuffer bytes) {
    return bytes.get(bytes.position()) == HANDSHAKE;
  }

  /** Whether all of it is there, as far as its lengths can be believed. */
  static boolean isWhole(ByteBuffer bytes) {
    byte[] message = message(bytes);
    return message.length >= 4 && message.length >= 4 + length(message);
  }

  /** The server's name, in lower case; {@code null} if there is none, or all is malformed. */
  static @Nullable String serverName(ByteBuffer bytes) {
    byte[] message = message(bytes);
    if (message.length < 4 || message[0] != CLIENT_HELLO) {
      return null;
    }
    try {
      return serverNameIn(ByteBuffer.wrap(message).position(4));
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      return null; // the handshake will fail over it
    }
  }

  private static int length(byte[] message) {
    return (message[1] & 0xff) << 16 | (message[2] & 0xff) << 8 | message[3] & 0xff;
  }

  /** The handshake's bytes so far, without the records around them. */
  private static byte[] message(ByteBuffer bytes) {
    ByteBuffer in = bytes.slice();
    ByteArrayOutputStream message = new ByteArrayOutputStream(in.remaining());
    while (in.remaining() > RECORD_HEAD && in.get(in.position()) == HANDSHAKE) {
      in.position(in.position() + 3);
      byte[] part = new byte[Math.min(in.getShort() & 0xffff, in.remaining())];
      in.get(part);
      message.writeBytes(part);
    }
    return message.toByteArray();
  }

  private static @Nullable String serverNameIn(ByteBuffer hello) {
    skip(hello, 2 + 32); // version, random
    skip(hello, hello.get() & 0xff); // session
    skip(hello, hello.getShort() & 0xffff); // cipher suites
    skip(hello, hello.get() & 0xff); // compression
    hello.getShort();
    while (hello.hasRemaining()) {
      int kind = hello.getShort() & 0xffff;
      int length = hello.getShort() & 0xffff;
      if (kind == SERVER_NAME) {
        skip(hello, 3); // there is one list, with one kind of name
        byte[] name = new byte[hello.getShort() & 0xffff];
        hello.get(name);
        return new String(name, StandardCharsets.US_ASCII).toLowerCase(Locale.ROOT);
      }
      skip(hello, length);
    }
    return null;
  }

  private static void skip(ByteBuffer buffer, int count) {
    buffer.position(buffer.position() + count);
  }
}
