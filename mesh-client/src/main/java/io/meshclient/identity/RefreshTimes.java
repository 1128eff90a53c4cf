package io.meshclient.identity;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** When a bundle endpoint is asked again: as its bundle says, within bounds. */
record RefreshTimes(Duration least, Duration most, Backoff afterFailure) {
  /** What the standard recommends where the bundle does not say (SPIFFE Federation, 4.1). */
  static final Duration UNSAID = Duration.ofMinutes(5);

  long nanos(TrustBundle taken) {
    @Nullable Duration hint = taken.refreshHint();
    Duration wanted = hint == null ? UNSAID : hint;
    if (wanted.compareTo(least) < 0) {
      return least.toNanos();
    }
    return (wanted.compareTo(most) > 0 ? most : wanted).toNanos();
  }

  long nanosAfter(int failures) {
    return afterFailure.nanos(failures);
  }
}
