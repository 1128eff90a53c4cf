package io.meshclient.acceptance.conformance;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Notices when the machine stands still: a thread that only wants to wake up every few milliseconds
 * tells how late it did at worst.
 */
final class Stalls implements AutoCloseable {
  private static final Duration LONG = Duration.ofMillis(40);
  private static final long PULSE_MILLIS = 5;

  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile long worstNanos;

  private Stalls() {
    Thread pulse = new Thread(this::watch, "stalls");
    pulse.setDaemon(true);
    pulse.start();
  }

  static Stalls watching() {
    return new Stalls();
  }

  /** Whether something took so long, or may have, that no code under test can be blamed for it. */
  boolean happened() {
    return worstNanos > LONG.toNanos();
  }

  @Override
  public void close() {
    closed.countDown();
  }

  private void watch() {
    try {
      long before = System.nanoTime();
      while (!closed.await(PULSE_MILLIS, TimeUnit.MILLISECONDS)) {
        long now = System.nanoTime();
        worstNanos = Math.max(worstNanos, now - before - Duration.ofMillis(PULSE_MILLIS).toNanos());
        before = now;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
