package io.meshclient.identity;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import javax.net.SocketFactory;

/** Makes sockets that connect to one endpoint, whatever address they are told. */
final class EndpointSockets extends SocketFactory {
  private final SocketAddress endpoint;

  EndpointSockets(SocketAddress endpoint) {
    this.endpoint = endpoint;
  }

  @Override
  public Socket createSocket() throws IOException {
    if (endpoint instanceof UnixDomainSocketAddress) {
      return new UnixSocket(endpoint);
    }
    return new Socket() {
      @Override
      public void connect(SocketAddress madeUp, int timeoutMillis) throws IOException {
        super.connect(endpoint, timeoutMillis);
      }
    };
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return connected();
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress from, int fromPort)
      throws IOException {
    return connected();
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return connected();
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort)
      throws IOException {
    return connected();
  }

  private Socket connected() throws IOException {
    Socket socket = createSocket();
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    return socket;
  }
}
