package io.meshclient.acceptance.backend;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.function.Function;
import javax.net.SocketFactory;

/** Sockets whose target is translated when they connect; one without translation is refused. */
final class PodSocketFactory extends SocketFactory {

  private final Function<SocketAddress, SocketAddress> translation;

  /**
   * @param translation from an address to the one to connect to, null for none
   */
  PodSocketFactory(Function<SocketAddress, SocketAddress> translation) {
    this.translation = translation;
  }

  @Override
  public Socket createSocket() {
    return new PodSocket(translation);
  }

  @Override
  public Socket createSocket(String host, int port) {
    throw connectedByHand();
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
    throw connectedByHand();
  }

  @Override
  public Socket createSocket(InetAddress host, int port) {
    throw connectedByHand();
  }

  @Override
  public Socket createSocket(InetAddress address, int port, InetAddress local, int localPort) {
    throw connectedByHand();
  }

  private static UnsupportedOperationException connectedByHand() {
    return new UnsupportedOperationException("a connected socket (expected: createSocket())");
  }

  private static final class PodSocket extends Socket {

    private final Function<SocketAddress, SocketAddress> translation;

    PodSocket(Function<SocketAddress, SocketAddress> translation) {
      this.translation = translation;
    }

    @Override
    public void connect(SocketAddress endpoint, int timeout) throws IOException {
      SocketAddress translated = translation.apply(endpoint);
      if (translated == null) {
        throw new ConnectException("Connection refused: no pod listens at " + endpoint);
      }
      super.connect(translated, timeout);
    }
  }
}
