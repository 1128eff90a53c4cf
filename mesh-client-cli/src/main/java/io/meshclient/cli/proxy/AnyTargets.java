package io.meshclient.cli.proxy;

import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1 that takes paths which lead above the root, such as {@code /../admin}. Jetty refuses
 * them with nothing to be set about it; Envoy has the policy's normalization read them.
 */
final class AnyTargets extends HttpConnectionFactory {

  private final HeadTimes heads;

  /**
   * @param heads hears of each request's first line
   */
  AnyTargets(HttpConfiguration configuration, HeadTimes heads) {
    super(configuration);
    this.heads = heads;
  }

  /** Path and query as they were sent. */
  static String of(Request request) {
    if (request.getConnectionMetaData().getConnection() instanceof Http1 connection
        && connection.target != null) {
      return connection.target;
    }
    HttpURI uri = request.getHttpURI();
    String target = uri.getPathQuery();
    return uri.getFragment() == null ? target : target + "#" + uri.getFragment();
  }

  @Override
  public Connection newConnection(Connector connector, EndPoint endPoint) {
    Http1 connection = new Http1(getHttpConfiguration(), connector, endPoint, heads);
    connection.setTransferEncodingChunkMaxLength(getTransferEncodingChunkMaxLength());
    return configure(connection, connector, endPoint);
  }

  private static final class Http1 extends HttpConnection {
    /** Of the request at hand, where Jetty does not read it; there is one at a time. */
    private volatile @Nullable String target;

    private final HeadTimes heads;

    Http1(
        HttpConfiguration configuration, Connector connector, EndPoint endPoint, HeadTimes heads) {
      super(configuration, connector, endPoint);
      this.heads = heads;
    }

    @Override
    protected HttpStreamOverHTTP1 newHttpStream(String method, String uri, HttpVersion version) {
      heads.headBegun(getEndPoint());
      boolean read = uri == null || !uri.startsWith("/") || isRead(uri);
      target = read ? null : uri;
      return super.newHttpStream(method, read ? uri : "/", version);
    }

    private static boolean isRead(String uri) {
      try {
        HttpURI.from(uri);
        return true;
      } catch (IllegalArgumentException e) {
        return false;
      }
    }
  }
}
