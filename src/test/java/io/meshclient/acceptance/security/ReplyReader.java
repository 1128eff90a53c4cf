package io.meshclient.acceptance.security;

import io.meshclient.acceptance.backend.Header;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads one HTTP/1.1 answer. */
final class ReplyReader {

  private final InputStream in;

  ReplyReader(InputStream in) {
    this.in = new BufferedInputStream(in);
  }

  /**
   * Reads an answer to its end.
   *
   * @param method of the request: an answer to HEAD has no body
   * @throws IOException if there is none, or not a whole one
   */
  Reply read(String method) throws IOException {
    String[] start = line().split(" ", 3);
    if (start.length < 2 || !start[0].startsWith("HTTP/1.")) {
      throw new IOException(String.join(" ", start) + " (expected: HTTP/1.1 STATUS REASON)");
    }
    int status = Integer.parseInt(start[1]);
    List<Header> headers = new ArrayList<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.add(new Header(line.substring(0, colon), line.substring(colon + 1).strip()));
    }
    boolean bodiless = method.equals("HEAD") || status == 204 || status == 304;
    return new Reply(status, List.copyOf(headers), bodiless ? "" : body(headers), "");
  }

  private String body(List<Header> headers) throws IOException {
    if (Header.first(headers, "transfer-encoding").isPresent()) {
      return chunks();
    }
    Optional<Integer> length = Header.first(headers, "content-length").map(Integer::valueOf);
    byte[] body = length.isPresent() ? in.readNBytes(length.get()) : in.readAllBytes();
    return new String(body, StandardCharsets.UTF_8);
  }

  private String chunks() throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (int size = chunkSize(); size > 0; size = chunkSize()) {
      body.write(in.readNBytes(size));
      line();
    }
    return body.toString(StandardCharsets.UTF_8);
  }

  private int chunkSize() throws IOException {
    return Integer.parseInt(line().split(";")[0].strip(), 16);
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("the connection ended where an answer was expected");
      }
      line.write(b);
    }
    return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
  }
}
