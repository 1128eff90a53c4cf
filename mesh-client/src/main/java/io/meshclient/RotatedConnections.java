package io.meshclient;

import io.meshclient.identity.IdentityTls;
import io.meshclient.identity.SnapshotTls;
import io.meshclient.identity.WorkloadIdentity;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import okhttp3.Connection;
import org.jspecify.annotations.Nullable;

/**
 * Closes connections that were made by an identity before the newest: those that lie idle as soon
 * as the newest is used, the others when what they carry is done. New requests take none of them
 * anyway, since a pool tells connections by what they are made of. Safe from any thread.
 */
final class RotatedConnections {

  /**
   * One connection.
   *
   * @param busy how many calls have it
   */
  private record Held(SnapshotTls tls, int busy) {}

  private static final int FEW = 64;

  private final Map<Connection, Held> held = new ConcurrentHashMap<>();
  private final AtomicReference<@Nullable WorkloadIdentity> newest = new AtomicReference<>();
  private final IdentityTls identities;
  private volatile int many = FEW;

  RotatedConnections(IdentityTls identities) {
    this.identities = identities;
  }

  /** A request is about to go out by this. */
  void use(SnapshotTls tls) {
    WorkloadIdentity known = newest.get();
    if (!tls.identity().equals(known)
        && identities.isCurrent(tls)
        && newest.compareAndSet(known, tls.identity())) {
      held.keySet().forEach(this::closeIfOver);
    }
  }

  /** A call has got a connection. */
  void acquired(Connection connection, SnapshotTls tls) {
    held.compute(connection, (c, was) -> new Held(tls, was == null ? 1 : was.busy + 1));
    if (held.size() >= many) {
      // OkHttp tells nobody when it closes an idle connection.
      held.keySet().removeIf(c -> c.socket().isClosed());
      many = Math.max(FEW, 2 * held.size());
    }
  }

  /** A call is done with a connection, which may be none of these. */
  void released(Connection connection) {
    if (held.computeIfPresent(connection, (c, was) -> new Held(was.tls, was.busy - 1)) != null) {
      closeIfOver(connection);
    }
  }

  /** A call that gets it at the same moment finds its socket closed, and takes another. */
  private void closeIfOver(Connection connection) {
    Held last = held.get(connection);
    if (last != null
        && last.busy == 0
        && (connection.socket().isClosed() || !identities.isCurrent(last.tls))
        && held.remove(connection, last)) {
      try {
        connection.socket().close();
      } catch (IOException e) {
        // It was to be gone, and is.
      }
    }
  }

  int size() {
    return held.size();
  }
}
