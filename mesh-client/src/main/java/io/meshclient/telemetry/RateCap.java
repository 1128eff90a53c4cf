package io.meshclient.telemetry;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Lets so many through a second, and as many at once after a quiet second. Without a lock: it keeps
 * the time at which the next one would be due if all came evenly.
 */
final class RateCap {
  private static final long SECOND = 1_000_000_000;

  private final long gapNanos;
  private final LongSupplier clock;
  private final AtomicLong due;

  /**
   * @param clock monotonic, in nanoseconds
   */
  RateCap(int perSecond, LongSupplier clock) {
    this.gapNanos = SECOND / perSecond;
    this.clock = clock;
    this.due = new AtomicLong(clock.getAsLong() - SECOND);
  }

  /** Whether one more may pass; it has passed then. */
  boolean passes() {
    long now = clock.getAsLong();
    while (true) {
      long before = due.get();
      long next = Math.max(before - now, -SECOND) + now + gapNanos;
      if (next - now > 0) {
        return false;
      }
      if (due.compareAndSet(before, next)) {
        return true;
      }
    }
  }
}
