package io.meshclient.resilience;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * How many calls in flight are slow already, without a timer and without a list of them: calls are
 * counted by the time at which they began, in steps of an eighth of what counts as slow, or less: a
 * power of two of ticks, for each call works its step out thrice. A call is told to be slow at most
 * one step late and never early. Every call that began here has to end here, once; one of another
 * generation's must not.
 */
final class InFlight {
  private static final int STEPS = 8;

  /** A power of two, and enough for twice the time that is slow. */
  private static final int PLACES = 4 * STEPS;

  private final long slowTicks;
  private final int stepBits;
  private final int countBits;
  private final long countMask;

  /** A place: the number of the step that it counts for, and the count. */
  private final AtomicLongArray places = new AtomicLongArray(PLACES);

  /** Calls whose place was taken over by a later step. */
  private final AtomicLong older = new AtomicLong();

  private volatile long lookedAt;

  /** A step that has its place: calls can be counted there without a look at it. */
  private volatile long turnedTo;

  InFlight(long slowTicks) {
    this.slowTicks = slowTicks;
    long stepTicks = Long.highestOneBit(Math.max(1, slowTicks / STEPS));
    this.stepBits = Long.numberOfTrailingZeros(stepTicks);
    this.countBits = Ticks.bitsBeside(stepTicks);
    this.countMask = (1L << countBits) - 1;
  }

  /** What follows calls by such settings; {@code null} if none is slow by them. */
  static @Nullable InFlight of(BreakerSettings settings) {
    return settings.slowCall() == null ? null : new InFlight(Ticks.of(settings.slowCall()));
  }

  void begin(long tick) {
    long step = tick >> stepBits;
    int index = index(step);
    if (step != turnedTo) {
      turnTo(step, index);
    }
    // An addition, which does not wait for a read as an exchange would.
    long counted = places.getAndIncrement(index) >>> countBits;
    if (counted != step) {
      end(counted, index); // a later step's: this thread was held up for very long
      older.incrementAndGet();
    }
  }

  /** Takes a place over for a step, unless it is a later one's already. */
  private void turnTo(long step, int index) {
    long place = places.get(index);
    while (place >>> countBits < step) {
      if (places.compareAndSet(index, place, step << countBits)) {
        older.addAndGet(place & countMask);
      }
      place = places.get(index);
    }
    turnedTo = step;
  }

  private static int index(long step) {
    return (int) step & PLACES - 1;
  }

  void end(long beganAt) {
    long step = beganAt >> stepBits;
    end(step, index(step));
  }

  private void end(long step, int index) {
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
    return now - slowTicks >> stepBits;
  }
}
