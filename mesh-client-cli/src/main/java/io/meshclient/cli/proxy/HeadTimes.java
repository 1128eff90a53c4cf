package io.meshclient.cli.proxy;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;

/**
 * Ends connections whose next request does not come, however busily they send: who writes a head a
 * byte at a time must not hold a place for good. Within HTTP/2 the first head alone is timed. Safe
 * from any thread.
 */
final class HeadTimes implements Connection.Listener, AutoCloseable {

  /**
   * From the connection's beginning to the end of the first request's head, handshake included; and
   * from the first line of a later head to its end.
   */
  static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(30);

  /** Between an answer and the next head, however its first line comes: the server's idle time. */
  static final long IDLE_NANOS = TimeUnit.HOURS.toNanos(1);

  private final LongSupplier clock;

  /** Until when the next head has to be whole. */
  private final Map<EndPoint, Long> pending = new ConcurrentHashMap<>();

  private final ScheduledExecutorService sweeper =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "mesh-proxy-heads");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * @param clock monotonic, in nanoseconds
   */
  HeadTimes(LongSupplier clock) {
    this.clock = clock;
    var unused =
        sweeper.scheduleWithFixedDelay(() -> sweep(clock.getAsLong()), 1, 1, TimeUnit.SECONDS);
  }

  @Override
  public void onOpened(Connection connection) {
    pending.putIfAbsent(socket(connection.getEndPoint()), clock.getAsLong() + MOST_NANOS);
  }

  @Override
  public void onClosed(Connection connection) {
    EndPoint socket = socket(connection.getEndPoint());
    if (!socket.isOpen()) { // else another protocol goes on there
      pending.remove(socket);
    }
  }

  /** The first line of a request has come. */
  void headBegun(EndPoint endPoint) {
    EndPoint socket = socket(endPoint);
    pending.computeIfPresent(
        socket, (same, until) -> Math.min(until, clock.getAsLong() + MOST_NANOS));
  }

  /** A request is answered, and another may follow. */
  void answered(EndPoint endPoint) {
    EndPoint socket = socket(endPoint);
    pending.put(socket, clock.getAsLong() + IDLE_NANOS);
    if (!socket.isOpen()) { // nobody else would forget it
      pending.remove(socket);
    }
  }

  /** A request's head has come. */
  void begun(EndPoint endPoint) {
    pending.remove(socket(endPoint));
  }

  /** Ends those whose time is up. */
  void sweep(long now) {
    pending.forEach(
        (socket, until) -> {
          if (now - until > 0) {
            pending.remove(socket);
            socket.close();
          }
        });
  }

  private static EndPoint socket(EndPoint endPoint) {
    return endPoint instanceof SslConnection.SslEndPoint secured
        ? secured.getSslConnection().getEndPoint()
        : endPoint;
  }

  @Override
  public void close() {
    sweeper.shutdownNow();
  }
}
