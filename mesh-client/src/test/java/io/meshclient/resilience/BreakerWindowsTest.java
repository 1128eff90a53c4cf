package io.meshclient.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshclient.resilience.CircuitBreaker.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Rates over the last calls and over time, and slow calls. */
class BreakerWindowsTest {

  @Test
  void rate_over_calls_needs_the_minimum() {
    BreakerFixture last = new BreakerFixture(BreakerSettings.overCalls(10, 5, 50));
    last.fail(4);
    assertThat(last.breaker.state()).isEqualTo(State.CLOSED);

    last.fail(1);

    assertThat(last.breaker.state()).isEqualTo(State.OPEN);
  }

  @Test
  void rate_over_calls_forgets_the_oldest() {
    BreakerFixture last = new BreakerFixture(BreakerSettings.overCalls(10, 10, 50));
    last.fail(4);
    last.succeed(10);
    assertThat(last.breaker.counts()).isEqualTo(new BreakerCounts(10, 0, 0, 0));

    last.fail(4);
    assertThat(last.breaker.state()).isEqualTo(State.CLOSED);
    last.fail(1);

    assertThat(last.breaker.state()).isEqualTo(State.OPEN);
  }

  @Test
  void rate_over_time_forgets_what_is_older() {
    BreakerFixture time =
        new BreakerFixture(BreakerSettings.overTime(Duration.ofSeconds(10), 4, 50));
    time.fail(3);
    time.pass(Duration.ofSeconds(11));
    time.fail(3);
    assertThat(time.breaker.state()).isEqualTo(State.CLOSED);

    time.fail(1);

    assertThat(time.breaker.state()).isEqualTo(State.OPEN);
  }

  @Test
  void rate_over_time_slides_and_counts_the_present_bucket() {
    BreakerFixture time =
        new BreakerFixture(BreakerSettings.overTime(Duration.ofSeconds(10), 6, 60));
    time.fail(3);
    time.pass(Duration.ofSeconds(8));
    // A window that tumbles would have forgotten the three by now, or not yet know these.
    time.fail(2);
    assertThat(time.breaker.counts()).isEqualTo(new BreakerCounts(5, 5, 0, 0));
    time.fail(1);

    assertThat(time.breaker.state()).isEqualTo(State.OPEN);
  }

  @Test
  void slow_calls_open_by_their_rate() {
    BreakerFixture slow =
        new BreakerFixture(
            BreakerSettings.overCalls(10, 4, 50).slowCalls(Duration.ofSeconds(1), 75));
    slow.succeed(1);
    for (int i = 0; i < 3; i++) {
      long permit = slow.breaker.tryAcquire();
      slow.pass(Duration.ofMillis(1001));
      slow.breaker.success(permit);
    }

    assertThat(slow.breaker.state()).isEqualTo(State.OPEN);
    assertThat(slow.events.get(0).failure()).isEqualTo("calls are slow");
  }

  @Test
  void calls_that_never_end_open_the_breaker_while_they_are_in_flight() {
    BreakerFixture hanging =
        new BreakerFixture(
            BreakerSettings.overCalls(10, 5, 50).slowCalls(Duration.ofSeconds(1), 50));
    for (int i = 0; i < 5; i++) {
      hanging.breaker.tryAcquire();
    }
    assertThat(hanging.breaker.counts().slowInFlight()).isZero();
    hanging.pass(Duration.ofMillis(1200));

    assertThat(hanging.breaker.counts().slowInFlight()).isEqualTo(5);
    assertThat(hanging.breaker.tryAcquire()).isEqualTo(CircuitBreaker.REJECTED);
    assertThat(hanging.events.get(0).failure()).isEqualTo("5 calls in flight are slow");
  }

  @Test
  void calls_in_flight_are_followed_over_many_steps_and_given_back() {
    BreakerFixture slow =
        new BreakerFixture(
            BreakerSettings.overCalls(100, 100, 50).slowCalls(Duration.ofSeconds(1), 100));
    long old = slow.breaker.tryAcquire();
    slow.pass(Duration.ofMinutes(5));
    long young = slow.breaker.tryAcquire();
    assertThat(slow.breaker.counts().slowInFlight()).isEqualTo(1);

    slow.breaker.giveBack(old);
    slow.breaker.giveBack(young);
    slow.pass(Duration.ofMinutes(5));

    assertThat(slow.breaker.counts()).isEqualTo(BreakerCounts.NONE);
  }

  @Test
  void counts_add_up_however_threads_interleave() throws InterruptedException {
    AtomicLong nanos = new AtomicLong();
    CircuitBreaker breaker =
        new CircuitBreaker(
            "payment-service",
            BreakerSettings.overCalls(100, 100, 100).slowCalls(Duration.ofMillis(1), 100),
            () -> nanos.addAndGet(1000)); // so that places change hands every few calls
    byFourThreads(() -> callSometimesFailing(breaker, 100_000));
    for (int i = 0; i < 100; i++) {
      breaker.success(breaker.tryAcquire());
    }

    assertThat(breaker.counts()).isEqualTo(new BreakerCounts(100, 0, 0, 0));
  }

  @Test
  void rate_over_time_is_not_overstated_however_threads_interleave() throws InterruptedException {
    for (int round = 0; round < 100; round++) {
      CircuitBreaker breaker =
          new CircuitBreaker(
              "payment-service", BreakerSettings.overTime(Duration.ofHours(1), 20, 50));
      byFourThreads(() -> callSometimesFailing(breaker, 10_000));

      assertThat(breaker.state()).isEqualTo(State.CLOSED);
      assertThat(breaker.counts().calls()).isEqualTo(40_000);
    }
  }

  private static void byFourThreads(Runnable task) throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Thread thread = new Thread(task);
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join(30_000);
      assertThat(thread.isAlive()).isFalse();
    }
  }

  /** Every third call fails, none of the first two. */
  private static void callSometimesFailing(CircuitBreaker breaker, int calls) {
    for (int i = 1; i <= calls; i++) {
      long permit = breaker.tryAcquire();
      if (i % 3 == 0) {
        breaker.failure(permit, "HTTP 503");
      } else {
        breaker.success(permit);
      }
    }
  }

  @Test
  void calls_that_began_before_slowness_mattered_are_not_slow() {
    BreakerFixture fixture = new BreakerFixture(BreakerSettings.overCalls(10, 10, 50));
    long before = fixture.breaker.tryAcquire();
    fixture.pass(Duration.ofMinutes(1));
    fixture.breaker.settings(fixture.breaker.settings().slowCalls(Duration.ofSeconds(1), 50));
    fixture.breaker.success(before);

    assertThat(fixture.breaker.counts()).isEqualTo(new BreakerCounts(1, 0, 0, 0));
  }

  @Test
  void window_that_shrinks_keeps_the_rate() {
    BreakerFixture fixture = new BreakerFixture(BreakerSettings.overCalls(100, 100, 50));
    fixture.succeed(60);
    fixture.fail(20);
    fixture.breaker.settings(BreakerSettings.overCalls(40, 40, 50));

    assertThat(fixture.breaker.counts()).isEqualTo(new BreakerCounts(40, 10, 0, 0));
  }

  @Test
  void settings_refuse_what_makes_no_sense() {
    assertThatThrownBy(() -> BreakerSettings.consecutive(0))
        .hasMessage("failures: 0 (expected: 1..1000000)");
    assertThatThrownBy(() -> BreakerSettings.overCalls(10, 11, 50))
        .hasMessage("minimum: 11 (expected: 1..10)");
    assertThatThrownBy(() -> BreakerSettings.overCalls(10, 10, 0))
        .hasMessage("failureRate: 0.0 (expected: over 0)");
    assertThatThrownBy(() -> BreakerSettings.GUIDE.slowCalls(Duration.ofSeconds(1), 50))
        .hasMessage("slowCall: PT1S (expected: none with consecutive failures; use a rate)");
    assertThatThrownBy(() -> BreakerSettings.GUIDE.openFor(Duration.ZERO))
        .hasMessage("openTime: PT0S (expected: PT0.001S to PT720H)");
  }
}
