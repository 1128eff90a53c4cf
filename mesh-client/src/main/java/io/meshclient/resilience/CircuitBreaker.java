package io.meshclient.resilience;

import static java.util.Objects.requireNonNull;

import io.meshclient.resilience.BreakerState.Closed;
import io.meshclient.resilience.BreakerState.Disabled;
import io.meshclient.resilience.BreakerState.ForcedOpen;
import io.meshclient.resilience.BreakerState.HalfOpen;
import io.meshclient.resilience.BreakerState.Open;
import io.meshclient.resilience.BreakerState.Opening;
import io.meshclient.resilience.BreakerState.Refusing;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Stops calling a destination that keeps failing, and finds out with a few probes when to call it
 * again.
 *
 * <pre>{@code
 * Answer answer = breaker.call(() -> service.ask());
 * }</pre>
 *
 * <p>Where calls do not begin and end in one place, {@link #acquire} gives a permit, which exactly
 * one of {@link #success}, {@link #failure} and {@link #giveBack} has to take back, whatever
 * happens.
 *
 * <p>A permit carries the generation that it was given in: a result that comes late, after a
 * transition, is counted as late and changes nothing. So a success from before the breaker opened
 * never closes it. A probe's place is leased: one that never comes back does not hold the breaker
 * half-open for ever.
 *
 * <p>Safe from any thread. Takes no lock, and allocates nothing for a call that is let through.
 */
public final class CircuitBreaker {
  /** No permit: the call must not be made. */
  public static final long REJECTED = -1;

  /** Another thread made a transition: to be looked at anew. */
  private static final long AGAIN = -2;

  private static final AtomicReferenceFieldUpdater<CircuitBreaker, BreakerState> STATE =
      AtomicReferenceFieldUpdater.newUpdater(CircuitBreaker.class, BreakerState.class, "state");

  /** What a breaker does with calls. */
  public enum State {
    /** Lets them through, and counts failures. */
    CLOSED,
    /** Turns them away until its time is up. */
    OPEN,
    /** Lets a few through to see how they fare. */
    HALF_OPEN,
    /** Turns them away until told otherwise. */
    FORCED_OPEN,
    /** Lets them through, and does not mind how they end. */
    DISABLED
  }

  private final String name;
  private final LongSupplier ticker;
  private final InstantSource wall;
  private final DoubleSupplier random;
  private final long origin;
  private final BreakerListeners listeners;
  private final LongAdder rejections = new LongAdder();
  private final LongAdder late = new LongAdder();
  private volatile BreakerSettings settings;
  private volatile BreakerState state;

  /**
   * A closed breaker.
   *
   * @param name what it guards; in messages and events
   */
  public CircuitBreaker(String name, BreakerSettings settings) {
    this(name, settings, System::nanoTime);
  }

  /**
   * A closed breaker with a clock of its own.
   *
   * @param ticker monotonic, in nanoseconds
   */
  public CircuitBreaker(String name, BreakerSettings settings, LongSupplier ticker) {
    this(name, settings, ticker, new BreakerListeners());
  }

  /**
   * A closed breaker that shares its listeners with others.
   *
   * @param ticker monotonic, in nanoseconds
   */
  public CircuitBreaker(
      String name, BreakerSettings settings, LongSupplier ticker, BreakerListeners listeners) {
    this(
        name,
        settings,
        ticker,
        listeners,
        InstantSource.system(),
        () -> ThreadLocalRandom.current().nextDouble());
  }

  /**
   * @param wall for messages alone
   * @param random for jitter: at least 0, less than 1
   */
  CircuitBreaker(
      String name,
      BreakerSettings settings,
      LongSupplier ticker,
      BreakerListeners listeners,
      InstantSource wall,
      DoubleSupplier random) {
    this.name = requireNonNull(name, "name");
    this.settings = requireNonNull(settings, "settings");
    this.ticker = requireNonNull(ticker, "ticker");
    this.listeners = requireNonNull(listeners, "listeners");
    this.wall = wall;
    this.random = random;
    this.origin = ticker.getAsLong() - Ticks.NANOS; // so that 0 is no time of a call
    this.state = Closed.anew(BreakerState.first(), settings, ticks());
  }

  /** What it guards. */
  public String name() {
    return name;
  }

  /**
   * Asks to make a call.
   *
   * @return a permit, which has to be given back by {@link #success}, {@link #failure} or {@link
   *     #giveBack}; {@link #REJECTED} if the call must not be made
   */
  public long tryAcquire() {
    BreakerState seen = state;
    if (seen instanceof Closed closed && closed.inFlight() == null) {
      return closed.base();
    }
    long permit = admit(seen);
    while (permit == AGAIN) {
      permit = admit(state);
    }
    if (permit == REJECTED) {
      rejections.increment();
    }
    return permit;
  }

  /**
   * Asks to make a call.
   *
   * @return a permit, which has to be given back by {@link #success}, {@link #failure} or {@link
   *     #giveBack}
   * @throws CircuitOpenException if the call must not be made
   */
  public long acquire() throws CircuitOpenException {
    while (true) {
      BreakerState seen = state;
      if (seen instanceof Closed closed && closed.inFlight() == null) {
        return closed.base();
      }
      long permit = admit(seen);
      if (permit >= 0) {
        return permit;
      }
      if (permit == REJECTED && state instanceof Refusing refusing) {
        rejections.increment();
        Opening opening = refusing.opening();
        throw new CircuitOpenException(name, opening.since(), opening.ends(), opening.failure());
      }
    }
  }

  private long admit(BreakerState seen) {
    if (seen instanceof Closed closed) {
      return admit(closed);
    }
    if (seen instanceof Open open) {
      long now = ticker.getAsLong();
      if (now - open.opening().until() < 0) {
        return REJECTED;
      }
      move(open, new HalfOpen(open.next(), open.opening(), settings), Duration.ZERO);
      return AGAIN;
    }
    if (seen instanceof HalfOpen half) {
      long permit = half.admit(ticks());
      // Whoever brought the last result may have been held up, or died of an error, since.
      return permit == REJECTED && settle(half, "a probe failed") ? AGAIN : permit;
    }
    return seen instanceof Disabled ? seen.base() : REJECTED;
  }

  private long admit(Closed closed) {
    InFlight inFlight = closed.inFlight();
    if (inFlight == null) {
      return closed.base();
    }
    long now = ticks();
    if (inFlight.isDue(now)) {
      long slow = inFlight.slow(now);
      if (slow > 0 && closed.window().isTooSlow(now, slow)) {
        open(closed, 1, slow + " calls in flight are slow");
        return AGAIN;
      }
    }
    inFlight.begin(now);
    return closed.base() | now;
  }

  /** The call went well. */
  public void success(long permit) {
    end(permit, Outcome.SEEN, null);
  }

  /**
   * The call failed.
   *
   * @param failure what tells of it: a throwable, or anything with words; they are asked for only
   *     if the breaker opens
   */
  public void failure(long permit, @Nullable Object failure) {
    end(permit, Outcome.SEEN | Outcome.FAILED, failure == null ? "no words" : failure);
  }

  /** The call ended without telling anything: cancelled, or never made. Counts neither way. */
  public void giveBack(long permit) {
    BreakerState seen = state;
    if (!seen.gave(permit)) {
      return;
    }
    if (seen instanceof HalfOpen half) {
      half.giveBack(permit);
    } else if (seen instanceof Closed closed) {
      leave(closed, permit);
    }
  }

  private void end(long permit, int outcome, @Nullable Object failure) {
    BreakerState seen = state;
    if (!seen.gave(permit)) {
      late.increment();
    } else if (seen instanceof Closed closed) {
      end(closed, permit, outcome, failure);
    } else if (seen instanceof HalfOpen half) {
      end(half, permit, outcome, failure);
    }
  }

  private void end(Closed closed, long permit, int outcome, @Nullable Object failure) {
    InFlight inFlight = closed.inFlight();
    long now = 0;
    int ended = outcome;
    long slow = 0;
    if (inFlight != null) {
      now = ticks();
      leave(closed, permit);
      ended |= inFlight.isSlow(permit & Ticks.MASK, now) ? Outcome.SLOW : 0;
      slow = Outcome.isBad(ended) ? inFlight.slow(now) : 0;
    } else if (closed.window() instanceof TimeWindow) {
      now = ticks();
    }
    if (closed.window().record(ended, now, slow)) {
      open(closed, 1, failure == null ? "calls are slow" : failure);
    }
  }

  private static void leave(Closed closed, long permit) {
    InFlight inFlight = closed.inFlight();
    if (inFlight != null && closed.isFollowed(permit)) {
      inFlight.end(permit & Ticks.MASK);
    }
  }

  private void end(HalfOpen half, long permit, int outcome, @Nullable Object failure) {
    boolean slow = half.isTimed() && half.isSlow(permit, ticks());
    if (!half.end(permit, outcome == Outcome.SEEN && !slow)) {
      late.increment();
    } else {
      settle(half, failure == null ? "a probe was slow" : failure);
    }
  }

  /** Makes the transition that the probes' results call for; {@code false} if none does yet. */
  private boolean settle(HalfOpen half, Object failure) {
    if (half.hasFailed()) {
      open(half, half.opening().times() + 1, failure);
      return true;
    }
    if (!half.hasPassed()) {
      return false;
    }
    if (move(half, Closed.anew(half.next(), settings, ticks()), Duration.ZERO)) {
      refit();
    }
    return true;
  }

  private void open(BreakerState seen, int times, Object failure) {
    BreakerState from = seen;
    BreakerSettings now = settings;
    double grown = now.openTime().toNanos() * Math.pow(now.growth(), times - 1);
    double bound = Math.min(grown, (double) now.longestOpenTime().toNanos());
    Duration time =
        Duration.ofNanos((long) (bound * (1 + now.jitter() * (2 * random.getAsDouble() - 1))));
    Instant since = wall.instant();
    long until = ticker.getAsLong() + time.toNanos();
    String words = BreakerState.words(failure);
    Opening opening = new Opening(times, since, since.plus(time), until, words);
    while (!move(from, new Open(from.next(), opening), time)) {
      // New settings replace a closed state by one that counts its results on.
      if (state instanceof Closed replaced && replaced.gave(from.base())) {
        from = replaced;
      } else {
        return;
      }
    }
  }

  /** Opens the breaker until told otherwise. */
  public void forceOpen() {
    forceTo(base -> new ForcedOpen(base, new Opening(0, wall.instant(), null, 0, null)));
  }

  /** Lets all calls through until told otherwise, however they end. */
  public void disable() {
    forceTo(Disabled::new);
  }

  /** Closes the breaker, with nothing counted. */
  public void reset() {
    forceTo(base -> Closed.anew(base, settings, ticks()));
    refit();
  }

  private void forceTo(LongFunction<BreakerState> to) {
    BreakerState from = state;
    while (!move(from, to.apply(from.next()), Duration.ZERO)) {
      from = state;
    }
  }

  /** The settings in force. */
  public BreakerSettings settings() {
    return settings;
  }

  /**
   * Changes the settings and keeps the state: what was counted counts on as far as the new window
   * has room for it, an open breaker stays open for as long as it meant to. A window of the same
   * kind and size goes on as it is; where it is another, a result that comes during the change may
   * open the breaker, or else be missed.
   */
  public void settings(BreakerSettings newer) {
    settings = requireNonNull(newer, "newer");
    refit();
  }

  /** Who closes the breaker looks, too, whether the settings changed while it was at it. */
  private void refit() {
    while (state instanceof Closed closed) {
      BreakerSettings newest = settings;
      if (closed.settings().equals(newest)
          || STATE.compareAndSet(this, closed, closed.refitted(newest, ticks()))) {
        return;
      }
    }
  }

  /** What it does with calls now. An open one whose time is up is open until the next call. */
  public State state() {
    return state.name();
  }

  /** What the window holds; all zero unless the breaker is closed. */
  public BreakerCounts counts() {
    if (!(state instanceof Closed closed)) {
      return BreakerCounts.NONE;
    }
    long now = ticks();
    BreakerCounts counts = closed.window().counts(now);
    long slow = closed.inFlight() == null ? 0 : closed.inFlight().slow(now);
    return new BreakerCounts(counts.calls(), counts.failures(), counts.slow(), slow);
  }

  /** The probes under way. */
  public int probing() {
    return state instanceof HalfOpen half ? half.probing() : 0;
  }

  /** How many calls were turned away so far. */
  public long rejections() {
    return rejections.sum();
  }

  /** How many results came after a transition, and so counted for nothing. */
  public long lateResults() {
    return late.sum();
  }

  /** Hears of each transition, on the thread that made it, after it; what it throws is logged. */
  public void onTransition(Consumer<BreakerEvent> listener) {
    listeners.add(listener);
  }

  /**
   * Makes a call.
   *
   * @throws CircuitOpenException if the call must not be made
   */
  public <T> T call(Callable<T> call) throws Exception {
    long permit = acquire();
    boolean ended = false;
    try {
      T result = call.call();
      ended = true;
      success(permit);
      return result;
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      ended = true;
      failure(permit, e);
      throw e;
    } finally {
      if (!ended) {
        giveBack(permit);
      }
    }
  }

  private boolean move(BreakerState from, BreakerState to, Duration openFor) {
    if (!STATE.compareAndSet(this, from, to)) {
      return false;
    }
    if (from.name() != to.name()) {
      String failure = to instanceof Open open ? open.opening().failure() : null;
      listeners.tell(
          new BreakerEvent(name, from.name(), to.name(), to.generation(), failure, openFor));
    }
    return true;
  }

  private long ticks() {
    return Ticks.of(ticker.getAsLong() - origin);
  }

  @Override
  public String toString() {
    return name + ": " + state() + ", " + counts();
  }
}
