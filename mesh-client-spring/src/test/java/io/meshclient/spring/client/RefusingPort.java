package io.meshclient.spring.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * A port of the loopback address at which connections are refused: bound, so that the system gives
 * it to nobody else, by a socket that does not listen.
 */
final class RefusingPort implements AutoCloseable {
  private final Socket bound = new Socket();

  /** Takes any free port. */
  RefusingPort() {
    try {
      bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return bound.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    bound.close();
  }
}
