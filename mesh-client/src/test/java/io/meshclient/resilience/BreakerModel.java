package io.meshclient.resilience;

import io.meshclient.resilience.BreakerSettings.Calls;
import io.meshclient.resilience.BreakerSettings.Consecutive;
import io.meshclient.resilience.BreakerSettings.Time;
import io.meshclient.resilience.CircuitBreaker.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a breaker ought to do, told in the plainest way: lists of outcomes with their times, looked
 * through from end to end, by one thread. Times are in ticks.
 *
 * <p>In one thing the breaker has leeway: it knows of calls in flight that are slow at most an
 * eighth of what is slow too late, never too early, and an arriving call looks once in such an
 * eighth. Where the leeway decides, the model takes the breaker's word for it.
 */
final class BreakerModel {
  /** A call under way. One that was not timed began when no call could be slow. */
  record Call(long permit, long began, int period, boolean timed) {}

  private record Ended(long at, boolean failed, boolean slow) {}

  private static final long LONG_AGO = Long.MIN_VALUE / 2;
  private static final long FREE = 0;
  private static final long PASSED = -1;
  private static final long FAILED = -2;

  private BreakerSettings settings;
  private State state = State.CLOSED;
  private int period;
  private long late;
  private long rejections;

  private List<Ended> ended = new ArrayList<>();
  private final List<Call> inFlight = new ArrayList<>();
  private long lookedAt = LONG_AGO;

  private long openUntilNanos;
  private int timesOpened;
  private BreakerSettings probing;
  private long[] places = {};

  BreakerModel(BreakerSettings settings) {
    this.settings = settings;
    this.probing = settings;
  }

  /** A call asks. {@code actual} is the permit that it got, {@code now} the state after that. */
  @Nullable Call acquire(long at, double draw, long actual, State now) {
    if (state == State.CLOSED && settings.slowCall() != null) {
      lookAtCallsInFlight(at, draw, now);
    }
    if (state == State.OPEN && at * Ticks.NANOS >= openUntilNanos) {
      state = State.HALF_OPEN;
      period++;
      probing = settings;
      places = new long[settings.probes()];
    }
    boolean admitted = state == State.CLOSED || state == State.DISABLED;
    for (int i = 0; state == State.HALF_OPEN && !admitted && i < places.length; i++) {
      if (places[i] == FREE || places[i] > 0 && at - places[i] > Ticks.of(probing.probeLease())) {
        places[i] = at;
        admitted = true;
      }
    }
    rejections += admitted ? 0 : 1;
    expect("admitted", actual != CircuitBreaker.REJECTED, admitted);
    if (!admitted) {
      return null;
    }
    Call call = new Call(actual, at, period, settings.slowCall() != null);
    if (state == State.CLOSED && call.timed()) {
      inFlight.add(call);
    }
    return call;
  }

  private void lookAtCallsInFlight(long at, double draw, State now) {
    boolean due = at - lookedAt >= step();
    lookedAt = at;
    boolean must = due && slowForSure(at) > 0 && isOver(at, slowForSure(at));
    boolean may = slowAtMost(at) > 0 && isOver(at, slowAtMost(at));
    decide(at, draw, must, may, now);
  }

  /** A call ended. {@code now} is the state after that. */
  void end(Call call, long at, boolean failed, double draw, State now) {
    inFlight.remove(call);
    if (call.period() != period) {
      late++;
    } else if (state == State.HALF_OPEN) {
      endProbe(call, at, failed, draw);
    } else if (state == State.CLOSED) {
      boolean slow = call.timed() && isSlow(settings, at - call.began());
      ended.add(new Ended(at, failed, slow));
      forget(at);
      boolean bad = failed || slow;
      decide(at, draw, bad && isOver(at, slowForSure(at)), bad && isOver(at, slowAtMost(at)), now);
    }
  }

  private void endProbe(Call call, long at, boolean failed, double draw) {
    // Probes that began in the same tick are not told apart.
    for (int i = 0; i < places.length; i++) {
      if (places[i] == call.began()) {
        places[i] = failed || isSlow(probing, at - call.began()) ? FAILED : PASSED;
        long failures = placesThatAre(FAILED);
        boolean tooMany =
            probing.window() instanceof Consecutive
                ? failures > 0
                : failures > 0 && failures * 100.0 >= probing.failureRate() * places.length;
        if (tooMany) {
          open(at, timesOpened + 1, draw);
        } else if (failures + placesThatAre(PASSED) == places.length) {
          close();
        }
        return;
      }
    }
    late++;
  }

  private long placesThatAre(long what) {
    long count = 0;
    for (long place : places) {
      count += place == what ? 1 : 0;
    }
    return count;
  }

  /** A call ended without a result. */
  void giveBack(Call call) {
    inFlight.remove(call);
    for (int i = 0; call.period() == period && i < places.length; i++) {
      if (state == State.HALF_OPEN && places[i] == call.began()) {
        places[i] = FREE;
        return;
      }
    }
  }

  private void decide(long at, double draw, boolean must, boolean may, State now) {
    if (must || may && now != State.CLOSED) {
      open(at, 1, draw);
    }
  }

  private void open(long at, int times, double draw) {
    state = State.OPEN;
    period++;
    timesOpened = times;
    double nanos = settings.openTime().toNanos();
    for (int i = 1; i < times && nanos < settings.longestOpenTime().toNanos(); i++) {
      nanos *= settings.growth();
    }
    nanos = Math.min(nanos, settings.longestOpenTime().toNanos());
    nanos += nanos * settings.jitter() * (2 * draw - 1);
    openUntilNanos = at * Ticks.NANOS + (long) nanos;
  }

  void close() {
    to(State.CLOSED);
    ended.clear();
    inFlight.clear();
    lookedAt = LONG_AGO;
  }

  void to(State other) {
    state = other;
    period++;
  }

  void settings(BreakerSettings newer, long at) {
    if (state == State.CLOSED) {
      refit(newer, at);
      if (!Objects.equals(newer.slowCall(), settings.slowCall())) {
        inFlight.clear();
        lookedAt = LONG_AGO;
      }
    }
    settings = newer;
    forget(at);
  }

  private void refit(BreakerSettings newer, long at) {
    if (newer.window().getClass() == settings.window().getClass()
        && size(newer) == size(settings)) {
      return;
    }
    long calls = calls(at);
    long failures = failures(at);
    long slow = slow(at);
    if (newer.window() instanceof Consecutive consecutive) {
      calls = calls == failures ? Math.min(failures, consecutive.failures() - 1) : 0;
      failures = calls;
      slow = 0;
    } else if (newer.window() instanceof Calls window && calls > window.size()) {
      double share = (double) window.size() / calls;
      calls = window.size();
      failures = Math.round(failures * share);
      slow = Math.round(slow * share);
    }
    ended = new ArrayList<>();
    for (int i = 0; i < calls; i++) {
      ended.add(new Ended(at, i < failures, i < slow));
    }
  }

  /** The size of a window, of its kind; failures in a row are one row whatever their limit. */
  private static long size(BreakerSettings settings) {
    return settings.window() instanceof Calls calls
        ? calls.size()
        : settings.window() instanceof Time time ? tenth(time) : 0;
  }

  private static long tenth(Time time) {
    return Ticks.of(time.length()) / 10;
  }

  /** Drops what no later look can see. */
  private void forget(long at) {
    if (settings.window() instanceof Consecutive) {
      while (ended.stream().anyMatch(one -> !one.failed())) {
        ended.remove(0);
      }
    } else if (settings.window() instanceof Calls calls) {
      while (ended.size() > calls.size()) {
        ended.remove(0);
      }
    } else if (settings.window() instanceof Time time) {
      ended.removeIf(one -> one.at() / tenth(time) <= at / tenth(time) - 10);
    }
  }

  private boolean isOver(long at, long slowInFlight) {
    long calls = calls(at);
    if (settings.window() instanceof Consecutive consecutive) {
      return calls >= consecutive.failures();
    }
    long minimum =
        settings.window() instanceof Calls window
            ? window.minimum()
            : ((Time) settings.window()).minimum();
    long all = calls + slowInFlight;
    boolean failing = calls >= minimum && failures(at) * 100.0 >= settings.failureRate() * calls;
    boolean slow = all >= minimum && (slow(at) + slowInFlight) * 100.0 >= settings.slowRate() * all;
    return failing || settings.slowCall() != null && slow;
  }

  private long calls(long at) {
    forget(at);
    return ended.size();
  }

  private long failures(long at) {
    forget(at);
    return ended.stream().filter(Ended::failed).count();
  }

  private long slow(long at) {
    forget(at);
    return ended.stream().filter(Ended::slow).count();
  }

  private static boolean isSlow(BreakerSettings settings, long ticks) {
    return settings.slowCall() != null && ticks > Ticks.of(settings.slowCall());
  }

  private long step() {
    return Ticks.of(settings.slowCall()) / 8;
  }

  private long slowForSure(long at) {
    return settings.slowCall() == null
        ? 0
        : inFlight.stream()
            .filter(call -> at - call.began() >= Ticks.of(settings.slowCall()) + step())
            .count();
  }

  private long slowAtMost(long at) {
    return inFlight.stream().filter(call -> isSlow(settings, at - call.began())).count();
  }

  /** Compares all that can be seen from outside. */
  void compare(CircuitBreaker breaker, long at) {
    expect("state", breaker.state(), state);
    expect("rejections", breaker.rejections(), rejections);
    expect("late results", breaker.lateResults(), late);
    long probes = 0;
    for (long place : places) {
      probes += state == State.HALF_OPEN && place > 0 ? 1 : 0;
    }
    expect("probing", (long) breaker.probing(), probes);
    BreakerCounts counts = breaker.counts();
    if (state != State.CLOSED) {
      expect("counts", counts, BreakerCounts.NONE);
      return;
    }
    expect("calls", counts.calls(), calls(at));
    expect("failures", counts.failures(), failures(at));
    expect("slow", counts.slow(), slow(at));
    if (counts.slowInFlight() < slowForSure(at) || counts.slowInFlight() > slowAtMost(at)) {
      expect("slow in flight", counts.slowInFlight(), slowForSure(at) + " to " + slowAtMost(at));
    }
  }

  private static void expect(String what, Object actual, Object expected) {
    if (!actual.equals(expected)) {
      throw new AssertionError(what + ": " + actual + " (expected: " + expected + ")");
    }
  }
}
