package io.meshclient;

import io.meshclient.identity.SnapshotTls;
import io.meshclient.identity.SpiffeId;
import io.meshclient.identity.SvidRejectedException;
import io.meshclient.identity.UnexpectedPeerException;
import org.jspecify.annotations.Nullable;

/** Finds in what a handshake failed of whether it was for the peer's identity. */
final class PeerRefusal {
  private PeerRefusal() {}

  /** The refusal within a failure; {@code null} if it failed of something else. */
  static @Nullable PeerIdentityException in(
      Throwable failure, String destination, SnapshotTls tls) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof PeerIdentityException refused) {
        return refused;
      }
      if (cause instanceof UnexpectedPeerException other) {
        return new PeerIdentityException(destination, tls.expected(), other.id(), null);
      }
      if (cause instanceof SvidRejectedException rejected) {
        return of(destination, tls, rejected);
      }
    }
    return null;
  }

  static PeerIdentityException of(
      String destination, SnapshotTls tls, SvidRejectedException rejected) {
    SpiffeId claimed = rejected.id();
    return new PeerIdentityException(destination, tls.expected(), claimed, rejected);
  }
}
