package io.meshclient.resilience;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How many calls in flight are slow already, without a timer and without a list of them: calls are
 * counted by the time at which they began, in steps of an eighth of what counts as slow. A call is
 * told to be slow at most one step late and never early.
 */
final class InFlight {
  private static final int STEPS = 8;
  private static final int PLACES = 2 * STEPS;
  private static final int COUNT_BITS = 24;
  private static final long COUNT = (1L << COUNT_BITS) - 1;

  private final long after;
  private final long slowTicks;
  private final long stepTicks;

  /** A place: the number of the step that it counts for, and 24 bits of count. */
  private final AtomicLongArray places = new AtomicLongArray(PLACES);

  /** Calls whose place was taken over by a later step. */
  private final AtomicLong older = new AtomicLong();

  private volatile long lookedAt = -1;

  /**
   * @param after calls are followed that begin after this tick, so that the others' ends, which may
   *     still come, are told apart
   */
  InFlight(long slowTicks, long after) {
    this.after = after;
    this.slowTicks = slowTicks;
    this.stepTicks = Math.max(1, slowTicks / STEPS);
  }

  void begin(long tick) {
    if (tick <= after) {
      return;
    }
    long step = tick / stepTicks;
    int index = (int) (step % PLACES);
    while (true) {
      long place = places.get(index);
      if (place >>> COUNT_BITS == step) {
        if (places.compareAndSet(index, place, place + 1)) {
          return;
        }
      } else if (place >>> COUNT_BITS > step) {
        older.incrementAndGet(); // a thread that was held up for very long
        return;
      } else if (places.compareAndSet(index, place, step << COUNT_BITS | 1)) {
        older.addAndGet(place & COUNT);
        return;
      }
    }
  }

  void end(long beganAt) {
    if (beganAt <= after) {
      return;
    }
    long step = beganAt / stepTicks;
    int index = (int) (step % PLACES);
    while (true) {
      long place = places.get(index);
      if (place >>> COUNT_BITS != step || (place & COUNT) == 0) {
        older.decrementAndGet();
        return;
      }
      if (places.compareAndSet(index, place, place - 1)) {
        return;
      }
    }
  }

  boolean isSlow(long beganAt, long now) {
    return beganAt > 0 && now - beganAt > slowTicks; // 0: was not timed
  }

  /** Whether this is the first look in this step: more looks would see nothing new. */
  boolean isDue(long now) {
    long step = now / stepTicks;
    if (step == lookedAt) {
      return false;
    }
    lookedAt = step;
    return true;
  }

  /** The calls that have been in flight for longer than slow. */
  long slow(long now) {
    long sum = older.get();
    for (int i = 0; i < PLACES; i++) {
      long place = places.get(i);
      // All of a step's calls are slow once its end is.
      if (((place >>> COUNT_BITS) + 1) * stepTicks + slowTicks <= now) {
        sum += place & COUNT;
      }
    }
    return Math.max(0, sum);
  }
}
