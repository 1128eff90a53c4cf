package io.meshclient.resilience;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How many calls of a destination may be under way at once, and how many more may wait for how
 * long. A value: safe to share.
 *
 * @param maxConcurrent at least 1
 * @param maxWaiting at least 0; 0 refuses at once what finds no room
 * @param maxWait how long one call waits at most; not negative
 */
public record BulkheadSettings(int maxConcurrent, int maxWaiting, Duration maxWait) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if one of them is out of bounds
   */
  public BulkheadSettings {
    requireNonNull(maxWait, "maxWait");
    if (maxConcurrent < 1) {
      throw new IllegalArgumentException(
          "maxConcurrent: " + maxConcurrent + " (expected: at least 1)");
    }
    if (maxWaiting < 0) {
      throw new IllegalArgumentException("maxWaiting: " + maxWaiting + " (expected: at least 0)");
    }
    if (maxWait.isNegative() || maxWait.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException("maxWait: " + maxWait + " (expected: 0 to one day)");
    }
  }

  /** So many calls at once, and none that waits. */
  public static BulkheadSettings of(int maxConcurrent) {
    return new BulkheadSettings(maxConcurrent, 0, Duration.ZERO);
  }

  /** The same, with so many calls waiting for so long. */
  public BulkheadSettings waiting(int maxWaiting, Duration maxWait) {
    return new BulkheadSettings(maxConcurrent, maxWaiting, maxWait);
  }
}
