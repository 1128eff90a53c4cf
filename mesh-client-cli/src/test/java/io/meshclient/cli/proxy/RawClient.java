package io.meshclient.cli.proxy;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A client's connection that sends exactly what a test has it send. */
final class RawClient implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 60_000;

  /** An answer as it was on the wire. */
  record Answer(List<String> head, String body) {
    int status() {
      return Integer.parseInt(head.get(0).split(" ")[1]);
    }

    String value(String name) {
      return Wire.value(head, name);
    }
  }

  private final Socket socket;
  private final InputStream in;

  RawClient(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(PATIENCE_MILLIS);
    in = new BufferedInputStream(socket.getInputStream());
  }

  /** One exchange on a connection of its own. */
  static Answer exchange(int port, String request) throws IOException {
    try (RawClient client = new RawClient(port)) {
      return client.send(request).answer();
    }
  }

  /** Lines of a head, with the empty line that ends it. */
  static String head(String... lines) {
    return String.join("\r\n", lines) + "\r\n\r\n";
  }

  RawClient send(String text) throws IOException {
    return send(Wire.bytes(text));
  }

  RawClient send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    return this;
  }

  InputStream in() {
    return in;
  }

  /** The next answer, whose body has to be whole. */
  Answer answer() throws IOException {
    List<String> head = Wire.head(in);
    return new Answer(head, new String(Wire.body(in, head), StandardCharsets.ISO_8859_1));
  }

  /** Whether the connection ends before another byte comes: a reset is an end as well. */
  boolean isCutOff() throws IOException {
    try {
      return in.read() < 0;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (SocketException e) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
