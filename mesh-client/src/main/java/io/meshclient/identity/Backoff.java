package io.meshclient.identity;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next try: up to {@code first}, up to twice that after each failure,
 * and never above {@code most}; by chance between half of it and all, so that those who lost a
 * server at once do not come back at once.
 */
record Backoff(Duration first, Duration most, RandomGenerator random) {
  private static final int MAX_DOUBLINGS = 30;

  /** The wait in nanoseconds after so many failures in a row, from 0. */
  long nanos(int failures) {
    double doubled = (double) first.toNanos() * (1L << Math.min(failures, MAX_DOUBLINGS));
    double ceiling = Math.min((double) most.toNanos(), doubled);
    return (long) (ceiling * (1 + random.nextDouble()) / 2);
  }
}
