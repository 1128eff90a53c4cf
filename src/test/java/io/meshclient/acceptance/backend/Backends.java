package io.meshclient.acceptance.backend;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import javax.net.SocketFactory;

/**
 * The pods of the corpus' cluster. Their recorded addresses stay in the configuration. On ephemeral
 * ports, {@link #socketFactory()} leads connections to a recorded address to the right port and
 * refuses all others; a process of its own needs them at the recorded addresses themselves.
 *
 * <p>Safe for use by any thread.
 */
public final class Backends implements AutoCloseable {

  private static final int MAX_CONNECTIONS = 512;
  private static final AtomicInteger WORKERS = new AtomicInteger();

  private final Ledger ledger = new Ledger();
  private final Map<InetSocketAddress, Backend> byRecordedAddress = new LinkedHashMap<>();
  private final ThreadPoolExecutor workers =
      new ThreadPoolExecutor(
          0, MAX_CONNECTIONS, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), Backends::worker);

  private Backends() {}

  /** Starts all of {@link Pod#ALL}, each on an ephemeral loopback port. */
  public static Backends start() throws IOException {
    return start(pod -> new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  /**
   * Starts all of {@link Pod#ALL} at their recorded addresses. Linux takes all of 127.0.0.0/8 for
   * the loopback interface's; elsewhere there are no such addresses to listen at.
   *
   * @throws IOException if one of them is taken, with the address in its message
   */
  public static Backends startAtRecordedAddresses() throws IOException {
    return start(Backends::recorded);
  }

  private static Backends start(Function<Pod, InetSocketAddress> at) throws IOException {
    Backends backends = new Backends();
    try {
      for (Pod pod : Pod.ALL) {
        Backend backend = new Backend(pod, at.apply(pod), backends.ledger, backends.workers);
        backends.byRecordedAddress.put(recorded(pod), backend);
        backend.start();
      }
    } catch (IOException e) {
      backends.close();
      throw e;
    }
    return backends;
  }

  private static InetSocketAddress recorded(Pod pod) {
    return new InetSocketAddress(pod.address(), pod.port());
  }

  /** Where a pod really listens, by its recorded address; {@code null} where none listens. */
  public InetSocketAddress address(InetSocketAddress recorded) {
    Backend backend = byRecordedAddress.get(recorded);
    return backend == null ? null : backend.address();
  }

  /** Sockets that reach the pods by their recorded addresses, and nothing else. */
  public SocketFactory socketFactory() {
    return new PodSocketFactory(recorded -> address((InetSocketAddress) recorded));
  }

  /**
   * Hands over what the pods got with this {@code x-test-id}, in the order of arrival, and forgets
   * it.
   */
  public List<Received> take(String id) {
    return ledger.take(id);
  }

  @Override
  public void close() throws IOException {
    for (Backend backend : byRecordedAddress.values()) {
      backend.close();
    }
    workers.shutdownNow();
  }

  private static Thread worker(Runnable work) {
    Thread thread = new Thread(work, "pod-worker-" + WORKERS.incrementAndGet());
    thread.setDaemon(true);
    return thread;
  }
}
