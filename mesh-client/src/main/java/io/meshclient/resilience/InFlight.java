package io.meshclient.resilience;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * How many calls in flight are slow already, without a timer and without a list of them: calls are
 * counted by the time at which they began, in steps of an eighth of what counts as slow. A call is
 * told to be slow at most one step late and never early. Every call that began here has to end
 * here, once; one of another generation's must not.
 */
final class InFlight {
  private static final int STEPS = 8;
  private static final int PLACES = 2 * STEPS;

  private final long slowTicks;
  private final long stepTicks;
  private final int countBits;
  private final long countMask;

  /** A place: the number of the step that it counts for, and the count. */
  private final AtomicLongArray places = new AtomicLongArray(PLACES);

  /** Calls whose place was taken over by a later step. */
  private final AtomicLong older = new AtomicLong();

  private volatile long lookedAt;

  InFlight(long slowTicks) {
    this.slowTicks = slowTicks;
    this.stepTicks = Math.max(1, slowTicks / STEPS);
    this.countBits = Ticks.bitsBeside(stepTicks);
    this.countMask = (1L << countBits) - 1;
  }

  /** What follows calls by such settings; {@code null} if none is slow by them. */
  static @Nullable InFlight of(BreakerSettings settings) {
    return settings.slowCall() == null ? null : new InFlight(Ticks.of(settings.slowCall()));
  }

  void begin(long tick) {
    long step = tick / stepTicks;
    int index = (int) (step % PLACES);
    while (true) {
      long place = places.get(index);
      if (place >>> countBits == step) {
        if (places.compareAndSet(index, place, place + 1)) {
          return;
        }
      } else if (place >>> countBits > step) {
        older.incrementAndGet(); // a thread that was held up for very long
        return;
      } else if (places.compareAndSet(index, place, step << countBits | 1)) {
        older.addAndGet(place & countMask);
        return;
      }
    }
  }

  void end(long beganAt) {
    long step = beganAt / stepTicks;
    int index = (int) (step % PLACES);
    while (true) {
      long place = places.get(index);
      if (place >>> countBits != step) {
        older.decrementAndGet();
        return;
      }
      if ((place & countMask) == 0) {
        return; // ended twice
      }
      if (places.compareAndSet(index, place, place - 1)) {
        return;
      }
    }
  }

  boolean isSlow(long beganAt, long now) {
    return beganAt > 0 && now - beganAt > slowTicks; // 0: was not timed
  }

  /** Whether no one has looked yet since the last step whose calls are slow became so. */
  boolean isDue(long now) {
    long slowSteps = slowSteps(now);
    if (slowSteps <= 0 || slowSteps == lookedAt) {
      return false;
    }
    lookedAt = slowSteps;
    return true;
  }

  /** The calls that have been in flight for longer than slow. */
  long slow(long now) {
    long slowSteps = slowSteps(now);
    long sum = older.get();
    for (int i = 0; i < PLACES; i++) {
      long place = places.get(i);
      if (place >>> countBits < slowSteps) {
        sum += place & countMask;
      }
    }
    return Math.max(0, sum);
  }

  /** How many steps have only slow calls: all of a step's calls are slow once its end is. */
  private long slowSteps(long now) {
    return Math.floorDiv(now - slowTicks, stepTicks);
  }
}
