package io.meshclient.acceptance.backend;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.SocketFactory;

/**
 * The pods of the corpus' cluster, each on an ephemeral loopback port. Their recorded addresses
 * stay in the configuration; {@link #socketFactory()} leads connections there to the right port and
 * refuses all others.
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

  /** Starts all of {@link Pod#ALL}. */
  public static Backends start() throws IOException {
    Backends backends = new Backends();
    for (Pod pod : Pod.ALL) {
      Backend backend = new Backend(pod, backends.ledger, backends.workers);
      backends.byRecordedAddress.put(new InetSocketAddress(pod.address(), pod.port()), backend);
      backend.start();
    }
    return backends;
  }

  /** Sockets that reach the pods by their recorded addresses, and nothing else. */
  public SocketFactory socketFactory() {
    return new PodSocketFactory(
        recorded -> {
          Backend backend = byRecordedAddress.get(recorded);
          return backend == null ? null : backend.address();
        });
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
