package io.meshclient.resilience;

import io.meshclient.resilience.BreakerModel.Call;
import io.meshclient.resilience.CircuitBreaker.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What happens to one breaker and to its model, drawn from a seed: calls that begin, end, are given
 * back and lost, time that passes, settings that change, states that are forced. After each step
 * all that can be seen is compared, so that the steps up to a failure are the shortest prefix that
 * fails.
 */
final class BreakerHistory {
  private static final int STEPS = 60;

  /** All times are of whole ticks, so that no rounding hides a difference. */
  private static final long MILLI = 64 * Ticks.NANOS;

  private final SplittableRandom random;
  private final boolean telling;
  private final StringBuilder told = new StringBuilder();
  private final List<Call> calls = new ArrayList<>();
  private final CircuitBreaker breaker;
  private final BreakerModel model;
  private long nanos = -77;
  private double draw = 0.5;
  private BreakerSettings settings;

  private BreakerHistory(long seed, boolean telling) {
    this.telling = telling;
    random = new SplittableRandom(seed);
    settings = anySettings();
    breaker =
        new CircuitBreaker(
            "orders",
            settings,
            () -> nanos,
            new BreakerListeners(),
            () -> Instant.EPOCH,
            () -> draw);
    model = new BreakerModel(settings);
  }

  /** Plays the history of a seed; fails with the seed and the steps so far. */
  static void play(long seed) {
    try {
      new BreakerHistory(seed, false).play();
    } catch (AssertionError e) {
      BreakerHistory again = new BreakerHistory(seed, true);
      try {
        again.play();
      } catch (AssertionError same) {
        throw new AssertionError(same.getMessage() + "\nseed " + seed + again.told, same);
      }
      throw e;
    }
  }

  private void play() {
    tell("", settings);
    for (int i = 0; i < STEPS; i++) {
      step();
      model.compare(breaker, at());
    }
  }

  /** Now, in ticks; the breaker's first moment is tick 1. */
  private long at() {
    return (nanos + 77) / Ticks.NANOS + 1;
  }

  private void step() {
    int what = random.nextInt(100);
    if (what < 35) {
      begin();
    } else if (what < 70 && !calls.isEmpty()) {
      end(calls.remove(random.nextInt(calls.size())), random.nextInt(10));
    } else if (what < 72 && !calls.isEmpty()) {
      tell("loses ", calls.remove(random.nextInt(calls.size())));
    } else if (what < 92) {
      long time = anyTime();
      nanos += time;
      tell("it is now", "");
    } else if (what < 97) {
      draw = random.nextInt(3) * 0.45;
      settings = anySettings();
      tell("draws ", draw);
      tell("sets ", settings);
      breaker.settings(settings);
      model.settings(settings, at());
    } else {
      force(random.nextInt(6));
    }
  }

  private void begin() {
    long permit = breaker.tryAcquire();
    tell("asks for a call: ", permit);
    Call call = model.acquire(at(), draw, permit, breaker.state());
    if (call != null) {
      calls.add(call);
    }
  }

  private void end(Call call, int how) {
    if (how == 0) {
      tell("gives back ", call);
      breaker.giveBack(call.permit());
      model.giveBack(call);
      return;
    }
    boolean failed = how < 6;
    tell(failed ? "fails " : "succeeds ", call);
    if (failed) {
      breaker.failure(call.permit(), "HTTP 503");
    } else {
      breaker.success(call.permit());
    }
    model.end(call, at(), failed, draw, breaker.state());
  }

  private void force(int how) {
    if (how == 0) {
      tell("forces open", "");
      breaker.forceOpen();
      model.to(State.FORCED_OPEN);
    } else if (how == 1) {
      tell("disables", "");
      breaker.disable();
      model.to(State.DISABLED);
    } else {
      tell("resets", "");
      breaker.reset();
      model.close();
    }
  }

  private void tell(String step, Object of) {
    if (telling) {
      told.append("\n  at tick ").append(at()).append(": ").append(step).append(of);
    }
  }

  private long anyTime() {
    return switch (random.nextInt(8)) {
      case 0, 1 -> Ticks.NANOS * (1 + random.nextInt(20));
      case 2 -> 8 * MILLI;
      case 3 -> 10 * MILLI + Ticks.NANOS * random.nextInt(3);
      case 4 -> 80 * MILLI + Ticks.NANOS * random.nextInt(3);
      case 5 -> 100 * MILLI;
      case 6 -> MILLI * random.nextInt(400);
      default -> MILLI * random.nextInt(2000);
    };
  }

  private BreakerSettings anySettings() {
    int size = 1 + random.nextInt(6);
    double rate = 10 * (1 + random.nextInt(10));
    BreakerSettings any =
        switch (random.nextInt(3)) {
          case 0 -> BreakerSettings.consecutive(size);
          case 1 -> BreakerSettings.overCalls(size, 1 + random.nextInt(size), rate);
          default ->
              BreakerSettings.overTime(
                  Duration.ofNanos((1 + random.nextInt(2)) * 100 * MILLI), size, rate);
        };
    if (!(any.window() instanceof BreakerSettings.Consecutive) && random.nextInt(3) > 0) {
      any =
          any.slowCalls(
              Duration.ofNanos((1 + random.nextInt(2)) * 80 * MILLI), 20 * (1 + random.nextInt(5)));
    }
    return any.openFor(Duration.ofNanos((1 + random.nextInt(2)) * 100 * MILLI))
        .growing(1 + random.nextInt(3), Duration.ofNanos(700 * MILLI))
        .jitter(random.nextInt(3) * 0.25)
        .probes(1 + random.nextInt(4))
        .probeLease(Duration.ofNanos((1 + random.nextInt(3)) * 100 * MILLI));
  }
}
