package io.meshclient.resilience;

import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * What a breaker is in, from one transition to the next. Each has the number of its generation in
 * the upper bits of {@link #base}, and so have the permits that it gives: a result counts only for
 * the generation that let its call through.
 */
sealed interface BreakerState {

  /** The bits of a permit that are its generation. */
  long GENERATIONS = Long.MAX_VALUE & ~Ticks.MASK;

  /** The permit of this generation that began at tick 0. */
  long base();

  CircuitBreaker.State name();

  /**
   * Lets all calls through, and counts them.
   *
   * @param since the base of the first generation whose results count: new settings may take a new
   *     generation, and calls in flight count on
   * @param settings those that the window was made for
   * @param inFlight follows the calls of this generation alone
   */
  record Closed(
      long base,
      long since,
      BreakerSettings settings,
      OutcomeWindow window,
      @Nullable InFlight inFlight)
      implements BreakerState {

    /** A closed state with nothing counted. */
    static Closed anew(long base, BreakerSettings settings, long now) {
      OutcomeWindow window = OutcomeWindow.of(settings, BreakerCounts.NONE, now);
      return new Closed(base, base, settings, window, InFlight.of(settings));
    }

    /** The same by other settings, with what was counted. */
    Closed refitted(BreakerSettings newer, long now) {
      OutcomeWindow other = window.refitted(newer, now);
      return Objects.equals(newer.slowCall(), settings.slowCall())
          ? new Closed(base, since, newer, other, inFlight)
          : new Closed(next(), since, newer, other, InFlight.of(newer));
    }

    @Override
    public boolean gave(long permit) {
      return isFollowed(permit)
          || since != base
              && permit >= 0
              && (permit - since & GENERATIONS) <= (base - since & GENERATIONS);
    }

    /** Whether a permit was given by this generation itself, and so is in {@link #inFlight}. */
    boolean isFollowed(long permit) {
      return BreakerState.super.gave(permit);
    }

    @Override
    public CircuitBreaker.State name() {
      return CircuitBreaker.State.CLOSED;
    }
  }

  /** Lets all calls through, and counts none. */
  record Disabled(long base) implements BreakerState {
    @Override
    public CircuitBreaker.State name() {
      return CircuitBreaker.State.DISABLED;
    }
  }

  /** States that turn calls away. */
  sealed interface Refusing extends BreakerState {
    Opening opening();
  }

  /**
   * When and why a breaker opened.
   *
   * @param times how often it opened since it was closed
   * @param until by the ticker, in nanoseconds
   * @param failure what opened it, in words; {@code null} if it was forced open
   */
  record Opening(
      int times, Instant since, @Nullable Instant ends, long until, @Nullable String failure) {}

  /** Turns all calls away until its time is up. */
  record Open(long base, Opening opening) implements Refusing {
    @Override
    public CircuitBreaker.State name() {
      return CircuitBreaker.State.OPEN;
    }
  }

  /** Turns all calls away until told otherwise. */
  record ForcedOpen(long base, Opening opening) implements Refusing {
    @Override
    public CircuitBreaker.State name() {
      return CircuitBreaker.State.FORCED_OPEN;
    }
  }

  /**
   * Lets a few calls through to see how they fare. A place holds the permit of the probe that has
   * it, or how that probe ended. Two probes that began within the same tick have equal permits, and
   * then it does not matter which of their places is whose.
   */
  final class HalfOpen implements Refusing {
    private static final long FREE = 0;
    private static final long PASSED = -1;
    private static final long FAILED = -2;

    private final long base;
    private final Opening opening;
    private final BreakerSettings settings;
    private final long slowTicks;
    private final long leaseTicks;
    private final AtomicLongArray places;

    HalfOpen(long base, Opening opening, BreakerSettings settings) {
      this.base = base;
      this.opening = opening;
      this.settings = settings;
      this.leaseTicks = Ticks.of(settings.probeLease());
      this.slowTicks = settings.slowCall() == null ? Long.MAX_VALUE : Ticks.of(settings.slowCall());
      this.places = new AtomicLongArray(settings.probes());
    }

    @Override
    public long base() {
      return base;
    }

    @Override
    public Opening opening() {
      return opening;
    }

    @Override
    public CircuitBreaker.State name() {
      return CircuitBreaker.State.HALF_OPEN;
    }

    /** A probe's permit, or {@link CircuitBreaker#REJECTED}. */
    long admit(long now) {
      long permit = base | now;
      for (int i = 0; i < places.length(); i++) {
        long place = places.get(i);
        if ((place == FREE || isGivenUp(place, now)) && places.compareAndSet(i, place, permit)) {
          return permit;
        }
      }
      return CircuitBreaker.REJECTED;
    }

    private boolean isGivenUp(long place, long now) {
      return place > 0 && now - (place & Ticks.MASK) > leaseTicks;
    }

    /** Whether a probe has to be timed. */
    boolean isTimed() {
      return slowTicks != Long.MAX_VALUE;
    }

    boolean isSlow(long permit, long now) {
      return now - (permit & Ticks.MASK) > slowTicks;
    }

    /** A probe ended; {@code false} if its place was given to another in the meantime. */
    boolean end(long permit, boolean passed) {
      return exchange(permit, passed ? PASSED : FAILED);
    }

    /** A probe ended without a result: another may take its place. */
    boolean giveBack(long permit) {
      return exchange(permit, FREE);
    }

    private boolean exchange(long permit, long end) {
      for (int i = 0; i < places.length(); i++) {
        if (places.get(i) == permit && places.compareAndSet(i, permit, end)) {
          return true;
        }
      }
      return false;
    }

    boolean hasFailed() {
      return settings.tooManyFail(count(FAILED), places.length());
    }

    boolean hasPassed() {
      return count(PASSED) + count(FAILED) == places.length() && !hasFailed();
    }

    int probing() {
      int probing = 0;
      for (int i = 0; i < places.length(); i++) {
        probing += places.get(i) > 0 ? 1 : 0;
      }
      return probing;
    }

    private int count(long end) {
      int count = 0;
      for (int i = 0; i < places.length(); i++) {
        count += places.get(i) == end ? 1 : 0;
      }
      return count;
    }
  }

  /** Whether a permit was given by this generation. */
  default boolean gave(long permit) {
    return (base() ^ permit) >>> Ticks.BITS == 0;
  }

  /** The generation's number. */
  default long generation() {
    return base() >>> Ticks.BITS;
  }

  /** The base of the next generation; never 0, which no permit may be. */
  default long next() {
    long number = generation() + 1 & (1L << 63 - Ticks.BITS) - 1;
    return Math.max(1, number) << Ticks.BITS;
  }

  /** The base of the first generation. */
  static long first() {
    return 1L << Ticks.BITS;
  }

  /** The words for a failure: a throwable's, a status's, or none. */
  static @Nullable String words(@Nullable Object failure) {
    if (failure == null) {
      return null;
    }
    try {
      return failure.toString();
    } catch (RuntimeException | StackOverflowError e) {
      return failure.getClass().getName(); // a failure without words is one all the same
    }
  }
}
