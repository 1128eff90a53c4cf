package io.meshclient.acceptance.backend;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the HTTP/1.1 requests of one connection. */
final class RequestReader {

  private final Pod pod;
  private final InputStream in;

  RequestReader(Pod pod, InputStream in) {
    this.pod = pod;
    this.in = new BufferedInputStream(in);
  }

  /** The next request, its body read to the end; empty where the client closed the connection. */
  Optional<Received> next() throws IOException {
    String start = line();
    if (start == null) {
      return Optional.empty();
    }
    String[] parts = start.split(" ");
    if (parts.length != 3 || !parts[2].startsWith("HTTP/1.")) {
      throw new IOException("request line: " + start + " (expected: METHOD TARGET HTTP/1.1)");
    }
    List<Header> headers = headers();
    return Optional.of(new Received(pod, parts[0], parts[1], headers, body(headers)));
  }

  private List<Header> headers() throws IOException {
    List<Header> headers = new ArrayList<>();
    for (String line = required(); !line.isEmpty(); line = required()) {
      int colon = line.indexOf(':');
      if (colon < 1) {
        throw new IOException("header line: " + line + " (expected: NAME: VALUE)");
      }
      headers.add(new Header(line.substring(0, colon), line.substring(colon + 1).strip()));
    }
    return headers;
  }

  private int body(List<Header> headers) throws IOException {
    if (Header.first(headers, "transfer-encoding")
        .filter("chunked"::equalsIgnoreCase)
        .isPresent()) {
      return chunks();
    }
    int length = Header.first(headers, "content-length").map(Integer::parseInt).orElse(0);
    in.skipNBytes(length);
    return length;
  }

  private int chunks() throws IOException {
    int total = 0;
    while (true) {
      int size = Integer.parseInt(required().split(";")[0].strip(), 16);
      if (size == 0) {
        headers();
        return total;
      }
      in.skipNBytes(size);
      required();
      total += size;
    }
  }

  private String required() throws IOException {
    String line = line();
    if (line == null) {
      throw new EOFException("the connection ended within a request");
    }
    return line;
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        return null;
      }
      line.write(b);
    }
    return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
  }
}
