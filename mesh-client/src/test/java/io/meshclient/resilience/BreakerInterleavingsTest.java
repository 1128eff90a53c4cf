package io.meshclient.resilience;

import static io.meshclient.resilience.CircuitBreaker.REJECTED;
import static io.meshclient.resilience.Interleavings.expect;
import static io.meshclient.resilience.Interleavings.together;

import io.meshclient.resilience.CircuitBreaker.State;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What holds of a breaker after any interleaving of the threads that use it. */
@Tag("interleavings")
class BreakerInterleavingsTest {
  private static final BreakerSettings ONE =
      BreakerSettings.consecutive(1)
          .openFor(Duration.ofSeconds(1))
          .probeLease(Duration.ofSeconds(1))
          .jitter(0);

  @Test
  void half_open_admits_as_many_as_its_probes_and_no_more() {
    Interleavings.each(
        () -> {
          Breaker it = new Breaker(ONE.probes(2));
          it.openUntilNow();
          AtomicInteger admitted = new AtomicInteger();
          Runnable ask = () -> admitted.addAndGet(it.breaker.tryAcquire() == REJECTED ? 0 : 1);
          together(ask, ask, ask);
          expect("admitted", admitted.get(), 2);
          expect("probing", it.breaker.probing(), 2);
        });
  }

  @Test
  void probes_given_back_are_the_only_ones_replaced() {
    Interleavings.each(
        () -> {
          Breaker it = new Breaker(ONE.probes(2));
          it.openUntilNow();
          long passes = it.breaker.tryAcquire();
          long returns = it.breaker.tryAcquire();
          AtomicLong third = new AtomicLong();
          AtomicLong fourth = new AtomicLong();
          together(
              () -> it.breaker.success(passes),
              () -> it.breaker.giveBack(returns),
              () -> third.set(it.breaker.tryAcquire()),
              () -> fourth.set(it.breaker.tryAcquire()));
          expect("one place was free", third.get() == REJECTED || fourth.get() == REJECTED);
          expect("state", it.breaker.state(), State.HALF_OPEN);
          boolean taken = third.get() != REJECTED || fourth.get() != REJECTED;
          expect("place is free still", it.breaker.tryAcquire() != REJECTED, !taken);
        });
  }

  @Test
  void probes_that_end_at_once_always_lead_out_of_half_open() {
    Interleavings.each(
        () -> {
          Breaker it = new Breaker(ONE.probes(2));
          it.openUntilNow();
          long passes = it.breaker.tryAcquire();
          long fails = it.breaker.tryAcquire();
          together(() -> it.breaker.success(passes), () -> it.breaker.failure(fails, "503"));
          expect("state", it.breaker.state(), State.OPEN);
          it.pass(2);
          long third = it.breaker.tryAcquire();
          long fourth = it.breaker.tryAcquire();
          together(
              () -> it.breaker.success(third),
              () -> it.breaker.success(fourth),
              it.breaker::tryAcquire);
          expect("state", it.breaker.state(), State.CLOSED);
        });
  }

  @Test
  void stale_success_never_closes() {
    Interleavings.each(
        () -> {
          Breaker it = new Breaker(ONE);
          long stale = it.breaker.tryAcquire();
          it.openUntilNow();
          together(() -> it.breaker.success(stale), it.breaker::tryAcquire);
          expect("state", it.breaker.state(), State.HALF_OPEN);
          expect("late results", it.breaker.lateResults(), 1L);
          expect("next", it.breaker.tryAcquire(), REJECTED);
        });
  }

  @Test
  void lost_probe_and_its_successor_never_both_count() {
    Interleavings.each(
        () -> {
          Breaker it = new Breaker(ONE.probes(1));
          it.openUntilNow();
          long lost = it.breaker.tryAcquire();
          it.pass(2);
          AtomicLong next = new AtomicLong();
          together(() -> it.breaker.failure(lost, "late"), () -> next.set(it.breaker.tryAcquire()));
          boolean replaced = it.breaker.state() == State.HALF_OPEN;
          expect("successor was admitted", next.get() != REJECTED, replaced);
          expect("late results", it.breaker.lateResults(), replaced ? 1L : 0L);
        });
  }

  @Test
  void failures_in_a_row_open_once_whoever_brings_them() {
    Interleavings.each(
        () -> {
          Breaker it = new Breaker(BreakerSettings.consecutive(3));
          AtomicInteger heard = new AtomicInteger();
          it.breaker.onTransition(event -> heard.incrementAndGet());
          together(it::fail, it::fail, it::fail);
          expect("state", it.breaker.state(), State.OPEN);
          expect("transitions", heard.get(), 1);
        });
  }

  @Test
  void results_at_the_time_of_new_settings_are_not_missed() {
    Interleavings.each(
        () -> {
          BreakerSettings two = BreakerSettings.consecutive(2);
          Breaker it = new Breaker(two);
          together(it::fail, it::fail, () -> it.breaker.settings(two.probes(3)));
          expect("state", it.breaker.state(), State.OPEN);
        });
  }

  @Test
  void new_settings_reach_a_breaker_that_closes() {
    Interleavings.each(
        () -> {
          Breaker it = new Breaker(ONE);
          it.openUntilNow();
          long probe = it.breaker.tryAcquire();
          together(
              () -> it.breaker.success(probe),
              () -> it.breaker.settings(BreakerSettings.consecutive(2)));
          it.fail();
          expect("state after one failure", it.breaker.state(), State.CLOSED);
          it.fail();
          expect("state after two", it.breaker.state(), State.OPEN);
        });
  }

  @Test
  void of_settings_that_come_at_once_the_last_ones_hold_whole() {
    Interleavings.each(
        () -> {
          Breaker it = new Breaker(BreakerSettings.consecutive(9));
          together(
              () -> it.breaker.settings(BreakerSettings.consecutive(1)),
              () -> it.breaker.settings(BreakerSettings.consecutive(2)));
          boolean one = it.breaker.settings().equals(BreakerSettings.consecutive(1));
          it.fail();
          expect("state after one failure", it.breaker.state(), one ? State.OPEN : State.CLOSED);
        });
  }

  @Test
  void calls_in_flight_are_told_apart_by_the_settings_they_began_under() {
    BreakerSettings slow =
        BreakerSettings.overCalls(100, 100, 50).slowCalls(Duration.ofSeconds(1), 100);
    Interleavings.each(
        () -> {
          Breaker it = new Breaker(slow);
          it.advancing = true;
          AtomicLong permit = new AtomicLong();
          together(
              () -> permit.set(it.breaker.tryAcquire()),
              () -> it.breaker.settings(slow.slowCalls(Duration.ofSeconds(2), 100)));
          it.breaker.success(permit.get());
          it.pass(10);
          expect("slow in flight", it.breaker.counts().slowInFlight(), 0L);
          it.breaker.tryAcquire();
          it.pass(10);
          expect("slow in flight", it.breaker.counts().slowInFlight(), 1L);
        });
  }

  @Test
  void forced_state_stays_whatever_results_come() {
    Interleavings.each(
        () -> {
          Breaker it = new Breaker(ONE);
          together(it::fail, it.breaker::forceOpen);
          expect("state", it.breaker.state(), State.FORCED_OPEN);
          together(it::fail, it.breaker::disable);
          expect("state", it.breaker.state(), State.DISABLED);
        });
  }

  /** A breaker whose clock stands, or goes on by ten ticks each time that it is read. */
  private static final class Breaker {
    private final AtomicLong nanos = new AtomicLong();
    final CircuitBreaker breaker;
    boolean advancing;

    Breaker(BreakerSettings settings) {
      breaker =
          new CircuitBreaker(
              "orders",
              settings,
              this::read,
              new BreakerListeners(),
              () -> Instant.EPOCH,
              () -> 0.5);
    }

    private long read() {
      return advancing ? nanos.addAndGet(10 * Ticks.NANOS) : nanos.get();
    }

    void pass(int seconds) {
      nanos.addAndGet(seconds * 1_000_000_000L);
    }

    void fail() {
      breaker.failure(breaker.tryAcquire(), "HTTP 503");
    }

    void openUntilNow() {
      fail();
      pass(1);
    }
  }
}
