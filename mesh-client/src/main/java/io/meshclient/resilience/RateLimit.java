package io.meshclient.resilience;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How often something may happen: tokens that come in evenly, and are saved up to a burst. A value:
 * safe to share.
 *
 * @param tokens how many come in an interval; at least 1, and at most 1,000,000,000 a second
 * @param interval at least a microsecond, at most 365 days
 * @param burst how many are saved up at most, and are there at the start; at least 1, and no more
 *     than come in within 365 days
 * @param maxWait how long a call may wait for its token; zero, the default, refuses at once
 */
public record RateLimit(long tokens, Duration interval, long burst, Duration maxWait) {
  private static final Duration LONGEST = Duration.ofDays(365);

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if one of them is out of bounds
   */
  public RateLimit {
    requireNonNull(interval, "interval");
    requireNonNull(maxWait, "maxWait");
    if (interval.compareTo(Duration.ofNanos(1000)) < 0 || interval.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "interval: " + interval + " (expected: a microsecond to 365 days)");
    }
    if (tokens < 1 || tokens > interval.toNanos()) {
      throw new IllegalArgumentException(
          "tokens: " + tokens + " (expected: 1 to " + interval.toNanos() + ", one a nanosecond)");
    }
    double toFill = (double) burst * interval.toNanos() / tokens;
    if (burst < 1 || toFill > LONGEST.toNanos()) {
      throw new IllegalArgumentException(
          "burst: " + burst + " (expected: at least 1, and what comes in within 365 days)");
    }
    if (maxWait.isNegative() || maxWait.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException("maxWait: " + maxWait + " (expected: 0 to one day)");
    }
  }

  /** So many in each interval, all of them at once if they are there. */
  public static RateLimit of(long tokens, Duration interval) {
    return new RateLimit(tokens, interval, tokens, Duration.ZERO);
  }

  /** So many a second, all of them at once if they are there. */
  public static RateLimit perSecond(long tokens) {
    return of(tokens, Duration.ofSeconds(1));
  }

  /** The same, with so many saved up at most. */
  public RateLimit burst(long burst) {
    return new RateLimit(tokens, interval, burst, maxWait);
  }

  /** The same, with calls that wait so long for their token. */
  public RateLimit waitingUpTo(Duration maxWait) {
    return new RateLimit(tokens, interval, burst, maxWait);
  }
}
