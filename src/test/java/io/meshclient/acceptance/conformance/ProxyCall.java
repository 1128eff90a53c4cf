package io.meshclient.acceptance.conformance;

import io.meshclient.acceptance.backend.Header;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One request to a forward proxy on a connection of its own, written by hand: nothing is normalised
 * or added but a body's length.
 */
final class ProxyCall {

  private final Outgoing request;
  private final String target;
  private final InputStream in;
  private final OutputStream out;

  private ProxyCall(Outgoing request, String target, Socket socket) throws IOException {
    this.request = request;
    this.target = target;
    this.in = new BufferedInputStream(socket.getInputStream());
    this.out = socket.getOutputStream();
  }

  /** Sends it and reads the answer; each read may take as long as the request's timeout. */
  static Answer send(InetSocketAddress proxy, Outgoing request) {
    return send(proxy, request, request.url());
  }

  /** The same where the server is not asked as a proxy: the target is path and query. */
  static Answer send(InetSocketAddress proxy, Outgoing request, String target) {
    int millis = (int) request.timeout().toMillis();
    try (Socket socket = new Socket()) {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(millis);
      socket.connect(proxy, millis);
      ProxyCall call = new ProxyCall(request, target, socket);
      call.write();
      return call.read();
    } catch (IOException | RuntimeException e) {
      return Answer.failed(e);
    }
  }

  private void write() throws IOException {
    StringBuilder head = new StringBuilder();
    head.append(request.method()).append(' ').append(target).append(" HTTP/1.1\r\n");
    for (Header header : request.headers()) {
      head.append(header.name()).append(": ").append(header.value()).append("\r\n");
    }
    if (request.body() != null) {
      head.append("Content-Length: ").append(request.body().length).append("\r\n");
    }
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    message.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
    if (request.body() != null) {
      message.writeBytes(request.body());
    }
    message.writeTo(out);
    out.flush();
  }

  private Answer read() throws IOException {
    int status = status();
    List<Header> headers = headers();
    while (status < 200) {
      status = status();
      headers = headers();
    }
    try {
      return Answer.of(status, headers, new String(body(status, headers), StandardCharsets.UTF_8));
    } catch (SocketTimeoutException e) {
      throw e;
    } catch (IOException e) {
      return Answer.brokenOff(e);
    }
  }

  private int status() throws IOException {
    String line = line();
    if (!line.matches("HTTP/1\\.1 [1-9][0-9]{2}( .*)?")) {
      throw new IOException("status line: " + line + " (expected: HTTP/1.1 STATUS REASON)");
    }
    return Integer.parseInt(line.substring(9, 12));
  }

  private List<Header> headers() throws IOException {
    List<Header> headers = new ArrayList<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      String[] header = line.split(":", 2);
      if (header.length < 2) {
        throw new IOException("header line: " + line + " (expected: NAME: VALUE)");
      }
      headers.add(new Header(header[0], header[1].strip()));
    }
    return headers;
  }

  private byte[] body(int status, List<Header> headers) throws IOException {
    if (request.method().equals("HEAD") || status == 204 || status == 304) {
      return new byte[0];
    }
    if (Header.first(headers, "transfer-encoding").isPresent()) {
      return chunks();
    }
    var length = Header.first(headers, "content-length");
    return length.isPresent() ? exactly(Integer.parseInt(length.get())) : in.readAllBytes();
  }

  private byte[] chunks() throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      int size = Integer.parseInt(line().split(";", 2)[0].strip(), 16);
      if (size == 0) {
        headers();
        return body.toByteArray();
      }
      body.writeBytes(exactly(size));
      line();
    }
  }

  private byte[] exactly(int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("after " + bytes.length + " bytes of " + length);
    }
    return bytes;
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("the connection ended within a line: \"" + line + "\"");
      }
      if (b != '\r') {
        line.write(b);
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }
}
