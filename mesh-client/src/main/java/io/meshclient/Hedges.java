package io.meshclient;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that hedges run on: one for each that is under way, none before. Where all are busy
 * there is no hedge, since one that waits would come too late. Safe from any thread.
 */
final class Hedges implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Hedges.class);
  private static final int THREADS = 64;
  private static final AtomicInteger NUMBER = new AtomicInteger();

  private final ThreadPoolExecutor executor =
      new ThreadPoolExecutor(
          0, THREADS, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), Hedges::thread);

  /** Runs a hedge now, or not at all. */
  void start(Runnable hedge) {
    try {
      executor.execute(hedge);
    } catch (RejectedExecutionException e) {
      log.debug("No hedge: {} are under way, or the client is closed", THREADS);
    }
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "mesh-client-hedge-" + NUMBER.incrementAndGet());
    thread.setDaemon(true);
    return thread;
  }
}
