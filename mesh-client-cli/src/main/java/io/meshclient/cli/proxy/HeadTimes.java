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
 * Ends connections whose first request does not come, however busily they send: who writes a head a
 * byte at a time must not hold a place for good. Later requests of a connection have the idle time
 * of the server. Safe from any thread.
 */
final class HeadTimes implements Connection.Listener, AutoCloseable {

  /** From the connection's beginning to the end of the first request's head, handshake included. */
  static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final LongSupplier clock;
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
    pending.putIfAbsent(socket(connection.getEndPoint()), clock.getAsLong());
  }

  @Override
  public void onClosed(Connection connection) {
    EndPoint socket = socket(connection.getEndPoint());
    if (!socket.isOpen()) { // else another protocol goes on there
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
        (socket, since) -> {
          if (now - since > MOST_NANOS) {
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
