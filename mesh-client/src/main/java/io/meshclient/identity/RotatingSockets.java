package io.meshclient.identity;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.ssl.SSLSocketFactory;

/** Makes each socket of the snapshot that is newest then. */
final class RotatingSockets extends SSLSocketFactory {
  private final IdentityTls tls;
  private final ExpectedPeer expected;
  private final SSLSocketFactory usual;

  /**
   * @param usual tells of cipher suites
   */
  RotatingSockets(IdentityTls tls, ExpectedPeer expected, SSLSocketFactory usual) {
    this.tls = tls;
    this.expected = expected;
    this.usual = usual;
  }

  private SSLSocketFactory newest() throws IdentityException {
    return tls.current(expected).sockets();
  }

  @Override
  public String[] getDefaultCipherSuites() {
    return usual.getDefaultCipherSuites();
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return usual.getSupportedCipherSuites();
  }

  @Override
  public Socket createSocket() throws IOException {
    return newest().createSocket();
  }

  @Override
  public Socket createSocket(Socket plain, String host, int port, boolean closes)
      throws IOException {
    return newest().createSocket(plain, host, port, closes);
  }

  @Override
  public Socket createSocket(Socket plain, InputStream consumed, boolean closes)
      throws IOException {
    return newest().createSocket(plain, consumed, closes);
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return newest().createSocket(host, port);
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress from, int fromPort)
      throws IOException {
    return newest().createSocket(host, port, from, fromPort);
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return newest().createSocket(host, port);
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort)
      throws IOException {
    return newest().createSocket(host, port, from, fromPort);
  }
}
