package io.meshclient.cli.identity;

import io.meshclient.cli.options.HostPort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** Shakes hands with a server to see its certificates. Nothing is trusted and nothing is sent. */
final class TlsProbe extends X509ExtendedTrustManager {
  private static final int TIMEOUT_MILLIS = 5_000;

  private volatile List<X509Certificate> chain = List.of();

  private TlsProbe() {}

  /**
   * The server's chain, the leaf first.
   *
   * @throws IOException if it shows none
   */
  static List<X509Certificate> chain(HostPort server) throws IOException {
    TlsProbe probe = new TlsProbe();
    IOException failure = null;
    try (Socket plain = new Socket()) {
      plain.connect(new InetSocketAddress(server.host(), server.port()), TIMEOUT_MILLIS);
      plain.setSoTimeout(TIMEOUT_MILLIS);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {probe}, null);
      try (SSLSocket tls =
          (SSLSocket)
              context.getSocketFactory().createSocket(plain, server.host(), server.port(), true)) {
        tls.startHandshake();
      }
    } catch (GeneralSecurityException e) {
      throw new IOException(e.getMessage(), e);
    } catch (IOException e) {
      // A server that wants a certificate of ours has shown its own before it hangs up.
      failure = e;
    }
    if (probe.chain.isEmpty()) {
      throw new IOException(failure == null ? "no certificate" : failure.getMessage(), failure);
    }
    return probe.chain;
  }

  @Override
  public void checkServerTrusted(X509Certificate[] shown, String authType) {
    chain = List.of(shown);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] shown, String authType, Socket socket) {
    checkServerTrusted(shown, authType);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] shown, String authType, SSLEngine engine) {
    checkServerTrusted(shown, authType);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] shown, String authType) {}

  @Override
  public void checkClientTrusted(X509Certificate[] shown, String authType, Socket socket) {}

  @Override
  public void checkClientTrusted(X509Certificate[] shown, String authType, SSLEngine engine) {}

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
