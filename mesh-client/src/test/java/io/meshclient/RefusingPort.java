package io.meshclient;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.util.Set;

/**
 * A port of the loopback address at which connections are refused.
 *
 * <p>A port that was merely closed may be another process's a moment later. This one is bound all
 * the time, by a socket that does not listen, so that the system gives it to nobody else.
 */
public final class RefusingPort implements AutoCloseable {
  private final Socket bound = new Socket();

  /** Takes any free port. */
  public RefusingPort() {
    try {
      bound.setReuseAddress(true);
      if (shares(bound.supportedOptions())) {
        bound.setOption(StandardSocketOptions.SO_REUSEPORT, true);
      }
      bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Listens at the port; it refuses again when the listener is closed. */
  public ServerSocket listen() throws IOException {
    ServerSocket listener = new ServerSocket();
    listener.setReuseAddress(true);
    if (shares(listener.supportedOptions())) {
      listener.setOption(StandardSocketOptions.SO_REUSEPORT, true);
    }
    listener.bind(bound.getLocalSocketAddress(), 256);
    return listener;
  }

  private static boolean shares(Set<SocketOption<?>> supported) {
    return supported.contains(StandardSocketOptions.SO_REUSEPORT);
  }

  public int port() {
    return bound.getLocalPort();
  }

  public String hostPort() {
    return "127.0.0.1:" + port();
  }

  @Override
  public void close() {
    try {
      bound.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
