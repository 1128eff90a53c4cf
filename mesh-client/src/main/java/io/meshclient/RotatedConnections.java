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
   * @param busy how many calls have it; {@link #ENDED} once no other may
   */
  private record Held(SnapshotTls tls, int busy) {
    Held with(int more) {
      return new Held(tls, busy + more);
    }
  }

  private static final int FEW = 64;
  private static final int ENDED = -1;

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

  /**
   * A call has got a connection.
   *
   * @return whether it can be used; {@code false} if it is just being closed
   */
  boolean acquired(Connection connection, SnapshotTls tls) {
    Held now =
        held.compute(
            connection,
            (c, was) -> was == null ? new Held(tls, 1) : was.busy == ENDED ? was : was.with(1));
    if (held.size() >= many) {
      // OkHttp tells nobody when it closes an idle connection.
      held.keySet().removeIf(c -> c.socket().isClosed());
      many = Math.max(FEW, 2 * held.size());
    }
    return now.busy != ENDED;
  }

  /** A call is done with a connection, which may be none of these. */
  void released(Connection connection) {
    Held left =
        held.computeIfPresent(connection, (c, was) -> was.busy == ENDED ? was : was.with(-1));
    if (left != null) {
      closeIfOver(connection);
    }
  }

  /** It is marked before it is closed, lest a call begins on it in between. */
  private void closeIfOver(Connection connection) {
    Held last = held.get(connection);
    if (last == null
        || last.busy != 0
        || !connection.socket().isClosed() && identities.isCurrent(last.tls)
        || !held.replace(connection, last, new Held(last.tls, ENDED))) {
      return;
    }
    try {
      connection.socket().close();
    } catch (IOException e) {
      // It was to be gone, and is.
    }
    held.remove(connection);
  }

  int size() {
    return held.size();
  }
}
