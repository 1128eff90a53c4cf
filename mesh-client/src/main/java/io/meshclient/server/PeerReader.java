package io.meshclient.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsExchange;
import io.meshclient.identity.IdentityTls;
import io.meshclient.identity.SpiffeId;
import io.meshclient.identity.SvidRejectedException;
import java.io.IOException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells who is at the other end of an exchange. It believes no session of itself: the server's
 * context may be another, which trusts others.
 */
final class PeerReader {
  private static final Logger log = LoggerFactory.getLogger(PeerReader.class);

  private final IdentityTls identity;

  PeerReader(IdentityTls identity) {
    this.identity = identity;
  }

  /**
   * The peer; {@code null} for plain text, and for who showed no certificate.
   *
   * @throws IOException if what was shown proves nothing, or there is no identity to check it by:
   *     the JDK's server closes the connection then
   */
  @Nullable MeshPeer peer(HttpExchange exchange) throws IOException {
    if (!(exchange instanceof HttpsExchange secured)) {
      return null;
    }
    SSLSession session = secured.getSSLSession();
    SpiffeId id;
    try {
      id = identity.peer(session);
      if (!identity.isCurrent(session)) {
        exchange.getResponseHeaders().set("Connection", "close");
      }
    } catch (SvidRejectedException e) {
      log.warn("Client refused: {}", exchange.getRemoteAddress(), e);
      exchange.close();
      throw new IOException("client refused: " + e.getMessage(), e);
    } catch (IOException e) {
      log.warn("No client can be told: {}", exchange.getRemoteAddress(), e);
      exchange.close();
      throw e;
    }
    return id == null ? null : new MeshPeer(id);
  }
}
