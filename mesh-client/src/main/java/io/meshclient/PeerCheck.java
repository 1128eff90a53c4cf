package io.meshclient;

import io.meshclient.identity.SnapshotTls;
import io.meshclient.identity.SpiffeId;
import io.meshclient.identity.SvidRejectedException;
import java.io.IOException;
import java.net.Socket;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;
import okhttp3.Connection;
import okhttp3.Interceptor;
import okhttp3.Response;
import okhttp3.internal.connection.RealConnection;

/**
 * Looks at each request's connection before anything is written to it: whether it was made for who
 * is expected now, and whether what its peer has shown is still valid. A connection from the pool
 * whose peer has expired takes no more requests, and this one goes out on another.
 */
final class PeerCheck implements Interceptor {
  @Override
  public Response intercept(Chain chain) throws IOException {
    CallEvents events = chain.call().tag(CallEvents.class);
    SnapshotTls tls = events == null ? null : events.mutual();
    Connection connection = chain.connection();
    if (events != null && tls != null && connection != null) {
      check(connection, tls, chain.request().url().host(), events.fresh());
    }
    return chain.proceed(chain.request());
  }

  private static void check(Connection connection, SnapshotTls tls, String host, boolean fresh)
      throws IOException {
    Socket socket = connection.socket();
    if (socket.isClosed()) {
      throw new ConnectionLives.Retired();
    }
    if (!(socket instanceof SSLSocket secured)
        || !tls.sockets().equals(connection.route().address().sslSocketFactory())) {
      throw new PeerIdentityException(host, tls.expected(), null, null);
    }
    SpiffeId id;
    try {
      id = tls.peer(secured.getSession());
    } catch (SvidRejectedException e) {
      if (fresh) {
        throw PeerRefusal.of(host, tls, e);
      }
      retire(connection);
      throw new ConnectionLives.Retired();
    } catch (SSLPeerUnverifiedException e) {
      throw new PeerIdentityException(host, tls.expected(), null, e);
    }
    if (!tls.expected().matches(id)) {
      throw new PeerIdentityException(host, tls.expected(), id, null);
    }
  }

  /** What other calls have under way on it goes on. */
  private static void retire(Connection connection) {
    if (connection instanceof RealConnection real) {
      real.setNoNewExchanges(true);
    }
  }
}
