package io.meshclient.server;

import io.meshclient.identity.SpiffeId;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import java.security.Principal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who asks, by all that was verified of a request: the workload at the other end of its connection,
 * and whom its token is about. It stays with the request's context, and never goes out on a call.
 *
 * <p>Immutable.
 *
 * @param peer the workload; {@code null} if it has proven nothing
 * @param requestPrincipal the token's issuer and subject, {@code issuer/subject}; {@code null}
 *     without a token that a RequestAuthentication accepts
 * @param claims all that this token says, as {@link io.meshclient.access.AccessVerdict#claims}
 */
public record MeshCaller(
    @Nullable SpiffeId peer, @Nullable String requestPrincipal, Map<String, Object> claims)
    implements Principal {
  private static final ContextKey<MeshCaller> KEY = ContextKey.named("mesh-client-caller");
  private static final MeshCaller NOBODY = new MeshCaller(null, null, Map.of());

  public MeshCaller {
    claims = Map.copyOf(claims);
  }

  /** Who caused what the present thread does; nobody known outside of a request. */
  public static MeshCaller current() {
    return from(Context.current());
  }

  /** Like {@link #current}, of a context. */
  public static MeshCaller from(Context context) {
    MeshCaller caller = context.get(KEY);
    return caller == null ? NOBODY : caller;
  }

  /** Whether anything is known. */
  public boolean isKnown() {
    return peer != null || requestPrincipal != null;
  }

  /** The request's principal, else the workload's ID; empty where nobody is known. */
  @Override
  public String getName() {
    if (requestPrincipal != null) {
      return requestPrincipal;
    }
    return peer == null ? "" : peer.toString();
  }

  /** Without the claims, which tell of people. */
  @Override
  public String toString() {
    return "MeshCaller[peer="
        + peer
        + ", requestPrincipal="
        + requestPrincipal
        + ", "
        + claims.size()
        + " claims]";
  }

  /** A context with this caller. */
  Context in(Context context) {
    Context with = context.with(KEY, this);
    return peer == null ? with : new MeshPeer(peer).in(with);
  }
}
