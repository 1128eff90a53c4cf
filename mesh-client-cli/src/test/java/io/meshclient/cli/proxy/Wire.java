package io.meshclient.cli.proxy;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** HTTP/1.1 as bytes on the wire: a character is a byte, nothing is normalised. */
final class Wire {

  private Wire() {}

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /**
   * A message's first line and its headers, as they are written; empty at the end of the stream.
   */
  static List<String> head(InputStream in) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      lines.add(line);
    }
    return lines;
  }

  static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
      if (b != '\r') {
        line.write(b);
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }

  /** The value of a header; empty where there is none. */
  static String value(List<String> head, String name) {
    String prefix = name.toLowerCase(Locale.ROOT) + ":";
    return head.stream()
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(prefix))
        .map(line -> line.substring(prefix.length()).strip())
        .findFirst()
        .orElse("");
  }

  /**
   * A message's body, chunked or with a length; empty where its head promises none.
   *
   * @throws EOFException if it breaks off
   */
  static byte[] body(InputStream in, List<String> head) throws IOException {
    if (value(head, "transfer-encoding").equals("chunked")) {
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      for (byte[] chunk = chunk(in); chunk.length > 0; chunk = chunk(in)) {
        body.writeBytes(chunk);
      }
      return body.toByteArray();
    }
    String length = value(head, "content-length");
    return length.isEmpty() ? new byte[0] : exactly(in, Integer.parseInt(length));
  }

  /** The next chunk, with what ends the one before; an empty one is the last. */
  static byte[] chunk(InputStream in) throws IOException {
    String size = line(in);
    if (size.isEmpty()) {
      size = line(in);
    }
    if (size.isEmpty()) {
      throw new EOFException("within the chunks");
    }
    byte[] chunk = exactly(in, Integer.parseInt(size, 16));
    if (chunk.length == 0) {
      line(in);
    }
    return chunk;
  }

  private static byte[] exactly(InputStream in, int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("after " + bytes.length + " bytes of " + length);
    }
    return bytes;
  }
}
