package io.meshclient.resilience;

import java.time.Duration;

/**
 * The time of a breaker: units of 2^14 ns (about 16 µs) since it was made, which fit beside a
 * generation in the 63 bits of a permit and last for four years.
 */
final class Ticks {
  static final int BITS = 43;
  static final long MASK = (1L << BITS) - 1;
  private static final int SHIFT = 14;

  /** Of one tick. */
  static final long NANOS = 1L << SHIFT;

  private Ticks() {}

  static long of(long nanos) {
    return (nanos >> SHIFT) & MASK;
  }

  /** A duration in ticks, rounded up: what lasts for more ticks lasted longer. */
  static long of(Duration duration) {
    return duration.toNanos() + NANOS - 1 >> SHIFT;
  }

  /**
   * How many bits of a word are left for a count beside the whole number of a span of so many
   * ticks: as many as 128 counts in a nanosecond need.
   */
  static int bitsBeside(long spanTicks) {
    return Long.SIZE - BITS + 63 - Long.numberOfLeadingZeros(spanTicks);
  }
}
