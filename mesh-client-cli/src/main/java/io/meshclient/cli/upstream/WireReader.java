package io.meshclient.cli.upstream;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;

/** Reads a connection: lines that end as they have to, and bytes. For one thread. */
final class WireReader {
  private static final int BUFFER_BYTES = 16 << 10;

  private final InputStream in;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int position;
  private int end;
  private int budget;

  WireReader(InputStream in) {
    this.in = in;
  }

  /** How many bytes of lines there may be from now on. */
  void allow(int bytes) {
    budget = bytes;
  }

  /** Whether nothing was read that nobody has asked for. */
  boolean isDrained() {
    return position == end;
  }

  /**
   * A line without its end.
   *
   * @throws EOFException if the connection ends before it
   * @throws ProtocolException if it is too long, or ends in a line feed alone
   */
  String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = one(); b != '\n'; b = one()) {
      line.append((char) b);
      if (--budget < 0) {
        throw new ProtocolException("head too long");
      }
    }
    int last = line.length() - 1;
    if (last < 0 || line.charAt(last) != '\r') {
      throw new ProtocolException("line ends in LF alone (expected: CR LF)");
    }
    line.setLength(last);
    if (line.indexOf("\r") >= 0) {
      throw new ProtocolException("CR within a line");
    }
    return line.toString();
  }

  private int one() throws IOException {
    if (position == end && !fill()) {
      throw new EOFException("connection ended within a head");
    }
    return buffer[position++] & 0xff;
  }

  /** Bytes, at least one; negative at the end. */
  int read(byte[] to, int offset, int length) throws IOException {
    if (position == end && !fill()) {
      return -1;
    }
    int count = Math.min(length, end - position);
    System.arraycopy(buffer, position, to, offset, count);
    position += count;
    return count;
  }

  private boolean fill() throws IOException {
    position = 0;
    end = 0;
    int count = in.read(buffer);
    end = Math.max(0, count);
    return count > 0;
  }

  /** A number of these digits; negative where it is none. */
  static long number(String text, int radix) {
    if (text.isEmpty() || text.length() > 15) {
      return -1;
    }
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > 'f' || Character.digit(text.charAt(i), radix) < 0) {
        return -1;
      }
    }
    return Long.parseLong(text, radix);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
