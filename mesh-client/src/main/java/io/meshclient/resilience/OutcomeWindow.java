package io.meshclient.resilience;

import org.jspecify.annotations.Nullable;

/** The outcomes that a closed breaker looks at. Safe from any thread, without a lock. */
interface OutcomeWindow {

  /**
   * Takes an outcome in.
   *
   * @return whether the breaker has to open for it; never for one that is not bad
   */
  boolean record(int outcome, long now, long slowInFlight);

  /** Whether calls in flight, slow by now, are enough to open. */
  boolean isTooSlow(long now, long slowInFlight);

  BreakerCounts counts(long now);

  /**
   * A window for other settings that shares what this one holds, so that outcomes which come in
   * between are in both; {@code null} if those settings count in another way.
   */
  @Nullable OutcomeWindow sharing(BreakerSettings newer);

  /** A window for other settings that shares what this one holds, or has a copy of it. */
  default OutcomeWindow refitted(BreakerSettings newer, long now) {
    OutcomeWindow shared = sharing(newer);
    return shared == null ? of(newer, counts(now), now) : shared;
  }

  /** A window that starts with such counts, as far as it has room. */
  static OutcomeWindow of(BreakerSettings settings, BreakerCounts held, long now) {
    if (settings.window() instanceof BreakerSettings.Consecutive consecutive) {
      // Failures of a rate are not in a row.
      long row = held.calls() == held.failures() ? held.failures() : 0;
      return new ConsecutiveWindow(consecutive.failures(), row);
    }
    Rates rates = Rates.of(settings);
    return settings.window() instanceof BreakerSettings.Time time
        ? new TimeWindow(Ticks.of(time.length()), rates, held, now)
        : new CountWindow(((BreakerSettings.Calls) settings.window()).size(), rates, held);
  }
}
