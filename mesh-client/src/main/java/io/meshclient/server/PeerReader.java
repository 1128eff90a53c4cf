package io.meshclient.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsExchange;
import io.meshclient.identity.IdentityTls;
import io.meshclient.identity.InvalidXfccException;
import io.meshclient.identity.SpiffeId;
import io.meshclient.identity.SvidRejectedException;
import io.meshclient.identity.Xfcc;
import java.io.IOException;
import java.util.List;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells who is at the other end of an exchange. It believes no session of itself: the server's
 * context may be another, which trusts others. A connection by TLS speaks for itself; a sidecar's
 * word is for plain ones.
 */
final class PeerReader {
  private static final Logger log = LoggerFactory.getLogger(PeerReader.class);
  private static final String XFCC = "x-forwarded-client-cert";

  private final @Nullable IdentityTls identity;
  private final @Nullable SpiffeId sidecar;

  /**
   * @param identity checks what connections show; {@code null} to look at none
   * @param sidecar whose word is taken on plain connections; {@code null} for nobody's
   */
  PeerReader(@Nullable IdentityTls identity, @Nullable SpiffeId sidecar) {
    this.identity = identity;
    this.sidecar = sidecar;
  }

  /**
   * The peer; {@code null} for who showed no certificate, and for plain text of which no sidecar
   * says more.
   *
   * @throws IOException if what was shown or said proves nothing, or there is no identity to check
   *     it by: the JDK's server closes the connection then
   */
  @Nullable MeshPeer peer(HttpExchange exchange) throws IOException {
    if (exchange instanceof HttpsExchange secured) {
      return identity == null ? null : peer(secured, identity);
    }
    return sidecar == null ? null : peer(exchange, sidecar);
  }

  private static @Nullable MeshPeer peer(HttpExchange exchange, SpiffeId sidecar)
      throws IOException {
    List<String> lines = exchange.getRequestHeaders().get(XFCC);
    try {
      SpiffeId id = lines == null ? null : Xfcc.caller(lines, sidecar);
      return id == null ? null : new MeshPeer(id);
    } catch (InvalidXfccException e) {
      log.warn("Client refused: {}", exchange.getRemoteAddress(), e);
      exchange.close();
      throw new IOException("client refused: " + e.getMessage(), e);
    }
  }

  private static @Nullable MeshPeer peer(HttpsExchange exchange, IdentityTls identity)
      throws IOException {
    SSLSession session = exchange.getSSLSession();
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
