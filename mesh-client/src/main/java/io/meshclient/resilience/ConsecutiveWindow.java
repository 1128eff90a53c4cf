package io.meshclient.resilience;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Failures in a row. */
final class ConsecutiveWindow implements OutcomeWindow {
  private final int limit;
  private final AtomicInteger failures;

  ConsecutiveWindow(int limit, long held) {
    this.limit = limit;
    // One short of the limit: only a failure opens.
    this.failures = new AtomicInteger((int) Math.min(held, limit - 1));
  }

  private ConsecutiveWindow(int limit, AtomicInteger failures) {
    this.limit = limit;
    this.failures = failures;
  }

  @Override
  public boolean record(int outcome, long now, long slowInFlight) {
    if (Outcome.isFailed(outcome)) {
      // By this failure's own number: a success that comes between must not hide the last of a row.
      return failures.incrementAndGet() >= limit;
    }
    if (failures.get() != 0) {
      failures.set(0);
    }
    return false;
  }

  @Override
  public boolean isTooSlow(long now, long slowInFlight) {
    return false;
  }

  @Override
  public BreakerCounts counts(long now) {
    int held = failures.get();
    return new BreakerCounts(held, held, 0, 0);
  }

  @Override
  public @Nullable OutcomeWindow sharing(BreakerSettings newer) {
    return newer.window() instanceof BreakerSettings.Consecutive consecutive
        ? new ConsecutiveWindow(consecutive.failures(), failures)
        : null;
  }
}
