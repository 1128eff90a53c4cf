package io.meshclient.cli.proxy;

import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;

/** TLS connections that remember which server their client asked for. */
final class TlsConnections extends SslConnectionFactory {

  /** The JDK passes over extensions that this property names. */
  private static final String IGNORED = "jdk.tls.server.disableExtensions";

  TlsConnections(MutualTlsFactory engines, String next) {
    super(engines, next);
    setEnsureSecureRequestCustomizer(false);
  }

  /**
   * Has the JDK pass over servers' names, of which it takes only some. To be called before anything
   * of TLS is: the JDK looks once.
   */
  static void ignoreServerNames() {
    if (System.getProperty(IGNORED) == null) {
      System.setProperty(IGNORED, "server_name");
    }
  }

  /** The server that a connection's client asked for; {@code null} if it did not say. */
  static @Nullable String serverName(EndPoint endPoint) {
    return endPoint instanceof SslConnection.SslEndPoint secured
            && secured.getSslConnection() instanceof Named named
        ? named.serverName
        : null;
  }

  @Override
  protected SslConnection newSslConnection(
      Connector connector, EndPoint endPoint, SSLEngine engine) {
    return new Named(connector, endPoint, engine, getSslContextFactory());
  }

  private static final class Named extends SslConnection {
    private volatile @Nullable String serverName;

    Named(Connector connector, EndPoint endPoint, SSLEngine engine, SslContextFactory settings) {
      super(
          connector.getByteBufferPool(),
          connector.getExecutor(),
          settings,
          endPoint,
          engine,
          false,
          false);
    }

    @Override
    public void onUpgradeTo(ByteBuffer read) {
      serverName = ClientHello.serverName(read);
      super.onUpgradeTo(read);
    }
  }
}
