package io.meshclient;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import okhttp3.Connection;
import okhttp3.Protocol;

/**
 * Finds out, before a request is sent on it, whether the server has closed a connection that lay
 * idle: what a sidecar's event loop sees by itself, a blocking socket tells only when it is read.
 * OkHttp looks too, but not for GET and not within ten seconds. Safe from any thread.
 */
final class IdleConnections {

  /** To look costs a millisecond: a connection in steady use is not looked at. */
  private static final long TRUSTED_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private static final long SUSPECTED_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final int FIRST_SWEEP = 64;

  private final Map<Connection, Long> idleSince = new ConcurrentHashMap<>();
  private final Map<InetSocketAddress, Long> suspectedAt = new ConcurrentHashMap<>();
  private final MeshClock clock;
  private volatile int sweepAt = FIRST_SWEEP;

  IdleConnections(MeshClock clock) {
    this.clock = clock;
  }

  /** A connection goes back to the pool. HTTP/2 has a reader of its own, which sees the end. */
  void released(Connection connection) {
    if (connection.protocol() == Protocol.HTTP_1_1 || connection.protocol() == Protocol.HTTP_1_0) {
      idleSince.put(connection, clock.nanoTime());
      if (idleSince.size() > sweepAt) {
        idleSince.keySet().removeIf(c -> c.socket().isClosed());
        sweepAt = Math.max(FIRST_SWEEP, 2 * idleSince.size());
      }
    }
  }

  /**
   * A connection is taken from the pool, or is new. One that the server has closed is closed here.
   *
   * @return whether it can be used
   */
  boolean acquired(Connection connection) {
    Long since = idleSince.remove(connection);
    if (since == null
        || clock.nanoTime() - since < TRUSTED_NANOS
            && !isSuspected(connection.route().socketAddress())) {
      return true;
    }
    Socket socket = connection.socket();
    if (isOpen(socket)) {
      return true;
    }
    close(socket);
    return false;
  }

  /** This server ended a connection that was used again: for a while all of its are looked at. */
  void suspect(Connection connection) {
    if (suspectedAt.size() > FIRST_SWEEP) {
      suspectedAt.values().removeIf(at -> clock.nanoTime() - at > SUSPECTED_NANOS);
    }
    suspectedAt.put(connection.route().socketAddress(), clock.nanoTime());
  }

  private boolean isSuspected(InetSocketAddress server) {
    Long at = suspectedAt.get(server);
    return at != null && clock.nanoTime() - at < SUSPECTED_NANOS;
  }

  /** A server has nothing to say between requests: whatever there is to be read ends it. */
  private static boolean isOpen(Socket socket) {
    try {
      int before = socket.getSoTimeout();
      socket.setSoTimeout(1);
      try {
        int ignored = socket.getInputStream().read();
        return false;
      } catch (SocketTimeoutException e) {
        socket.setSoTimeout(before);
        return true;
      }
    } catch (IOException e) {
      return false;
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is given up either way.
    }
  }
}
