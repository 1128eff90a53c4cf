package io.meshclient.server;

import static java.util.Objects.requireNonNull;

import io.meshclient.identity.SpiffeId;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import org.jspecify.annotations.Nullable;

/**
 * Who called: proven by the certificate of the connection that the request came by; or in the words
 * of the sidecar in front, where the filter was told to take them. It stays with the request's
 * context, and never goes out on a call.
 *
 * <p>Immutable.
 *
 * @param id the caller's
 */
public record MeshPeer(SpiffeId id) {
  private static final ContextKey<MeshPeer> KEY = ContextKey.named("mesh-client-peer");

  public MeshPeer {
    requireNonNull(id, "id");
  }

  /**
   * Who caused what the present thread does; {@code null} if that is not known: no certificate was
   * shown, or no filter looked. It never means that anybody may.
   */
  public static @Nullable MeshPeer current() {
    return from(Context.current());
  }

  /** Like {@link #current}, of a context. */
  public static @Nullable MeshPeer from(Context context) {
    return context.get(KEY);
  }

  /** A context with this peer. */
  Context in(Context context) {
    return context.with(KEY, this);
  }
}
