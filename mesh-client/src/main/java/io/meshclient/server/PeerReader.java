package io.meshclient.server;

import io.meshclient.identity.IdentityException;
import io.meshclient.identity.IdentityTls;
import io.meshclient.identity.InvalidXfccException;
import io.meshclient.identity.SpiffeId;
import io.meshclient.identity.SvidRejectedException;
import java.io.IOException;
import java.security.cert.X509Certificate;
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

  private final @Nullable IdentityTls identity;
  private final SidecarWord sidecar;

  /**
   * @param identity checks what connections show; {@code null} to look at none
   * @param sidecar for plain connections
   */
  PeerReader(@Nullable IdentityTls identity, SidecarWord sidecar) {
    this.identity = identity;
    this.sidecar = sidecar;
  }

  /**
   * The peer; {@code null} for who showed no certificate, and for plain text of which no sidecar
   * says more.
   *
   * @throws IOException if what was shown or said proves nothing, or there is no identity to check
   *     it by: the connection is cut then
   */
  @Nullable SpiffeId peer(ServerExchange exchange) throws IOException {
    if (exchange.secured()) {
      return identity == null ? null : peer(exchange, identity);
    }
    return bySidecar(exchange);
  }

  private @Nullable SpiffeId bySidecar(ServerExchange exchange) throws IOException {
    try {
      return sidecar.caller(exchange);
    } catch (InvalidXfccException e) {
      log.warn("Client refused: {}", exchange.remote(), e);
      exchange.cut();
      throw new IOException("client refused: " + e.getMessage(), e);
    }
  }

  private static @Nullable SpiffeId peer(ServerExchange exchange, IdentityTls identity)
      throws IOException {
    try {
      SSLSession session = exchange.session();
      if (session == null) {
        List<X509Certificate> chain = exchange.certificates();
        return chain.isEmpty() ? null : identity.peer(chain);
      }
      SpiffeId id = identity.peer(session);
      if (!identity.isCurrent(session)) {
        exchange.endConnection();
      }
      return id;
    } catch (SvidRejectedException e) {
      log.warn("Client refused: {}", exchange.remote(), e);
      exchange.cut();
      throw new IOException("client refused: " + e.getMessage(), e);
    } catch (IdentityException e) {
      log.warn("No client can be told: {}", exchange.remote(), e);
      exchange.cut();
      throw e;
    }
  }
}
