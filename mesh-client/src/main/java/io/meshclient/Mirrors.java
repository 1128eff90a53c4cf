package io.meshclient;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import okhttp3.Call;
import okhttp3.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends copies of requests on threads of its own, so that no caller waits for one. What comes back
 * is dropped; so are copies beyond what the queue holds, which are counted. Safe from any thread.
 */
final class Mirrors implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Mirrors.class);
  private static final int THREADS = 32;
  private static final int QUEUED = 256;
  private static final AtomicInteger NUMBER = new AtomicInteger();

  private final ThreadPoolExecutor executor =
      new ThreadPoolExecutor(
          THREADS,
          THREADS,
          10,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(QUEUED),
          Mirrors::thread);
  private final Set<Call> running = ConcurrentHashMap.newKeySet();
  private final AtomicLong dropped = new AtomicLong();

  Mirrors() {
    executor.allowCoreThreadTimeOut(true);
  }

  /** Sends a copy as soon as a thread is free. */
  void send(Call copy) {
    try {
      executor.execute(() -> run(copy));
    } catch (RejectedExecutionException e) {
      drop("the queue of " + QUEUED + " is full");
    }
  }

  /** A copy is not sent; the first, and then each time that their number doubles, is logged. */
  void drop(String why) {
    long count = dropped.incrementAndGet();
    if (Long.bitCount(count) == 1) {
      log.warn("Mirrored requests dropped so far: {}: {}", count, why);
    }
  }

  /** How many copies were not sent. */
  long dropped() {
    return dropped.get();
  }

  /** Ends the copies under way and drops those that wait. */
  @Override
  public void close() {
    executor.shutdownNow();
    running.forEach(Call::cancel);
  }

  private void run(Call copy) {
    running.add(copy);
    try (Response response = copy.execute()) {
      log.debug("Mirrored request answered {}: {}", response.code(), copy.request().url());
    } catch (IOException | RuntimeException e) {
      log.debug("Mirrored request failed: {}", copy.request().url(), e);
    } finally {
      running.remove(copy);
    }
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "mesh-client-mirror-" + NUMBER.incrementAndGet());
    thread.setDaemon(true);
    return thread;
  }
}
