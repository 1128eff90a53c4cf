package io.meshclient.resilience;

import static io.meshclient.resilience.CircuitBreaker.REJECTED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshclient.resilience.CircuitBreaker.State;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What befalls a breaker that it did not ask for: errors, misuse, years. */
class BreakerMishapsTest {
  private static final Duration MINUTE = Duration.ofSeconds(60);

  @Test
  void failure_whose_words_fail_opens_all_the_same() {
    BreakerFixture fixture = new BreakerFixture(BreakerSettings.consecutive(1));
    Object mute =
        new Object() {
          @Override
          public String toString() {
            throw new IllegalStateException("no words");
          }
        };

    fixture.breaker.failure(fixture.breaker.tryAcquire(), mute);

    assertThat(fixture.breaker.state()).isEqualTo(State.OPEN);
    assertThat(fixture.events.get(0).failure()).isEqualTo(mute.getClass().getName());
  }

  @Test
  void failure_of_which_nothing_is_told_is_not_taken_for_slowness() {
    BreakerFixture fixture = new BreakerFixture(BreakerSettings.consecutive(1));

    fixture.breaker.failure(fixture.breaker.tryAcquire(), null);

    assertThat(fixture.events.get(0).failure()).isEqualTo("no words");
  }

  @Test
  void error_while_the_last_probe_ends_leaves_the_transition_to_the_next_call() {
    AtomicLong nanos = new AtomicLong();
    AtomicBoolean outOfMemory = new AtomicBoolean();
    CircuitBreaker breaker =
        new CircuitBreaker(
            "orders",
            BreakerSettings.GUIDE,
            nanos::get,
            new BreakerListeners(),
            () -> {
              if (outOfMemory.get()) {
                throw new OutOfMemoryError("at the worst of times");
              }
              return Instant.EPOCH;
            },
            () -> 0.5);
    for (int i = 0; i < 3; i++) {
      breaker.failure(breaker.tryAcquire(), "HTTP 503");
    }
    nanos.addAndGet(MINUTE.toNanos());
    long probe = breaker.tryAcquire();
    outOfMemory.set(true);
    assertThatThrownBy(() -> breaker.failure(probe, "HTTP 503"))
        .isInstanceOf(OutOfMemoryError.class);
    assertThat(breaker.state()).isEqualTo(State.HALF_OPEN);
    outOfMemory.set(false);

    assertThat(breaker.tryAcquire()).isEqualTo(REJECTED);

    assertThat(breaker.state()).isEqualTo(State.OPEN);
    nanos.addAndGet(MINUTE.toNanos());
    assertThat(breaker.tryAcquire()).isNotEqualTo(REJECTED);
  }

  @Test
  void window_over_a_short_time_forgets_what_was_long_ago() {
    BreakerFixture fixture =
        new BreakerFixture(BreakerSettings.overTime(Duration.ofMillis(10), 3, 100));
    fixture.fail(2);
    for (int day = 0; day < 400; day++) {
      fixture.pass(Duration.ofHours(25));
      assertThat(fixture.breaker.counts()).isEqualTo(BreakerCounts.NONE);
    }
  }

  @Test
  void new_open_time_keeps_following_calls_in_flight() {
    BreakerSettings slow =
        BreakerSettings.overCalls(10, 10, 50).slowCalls(Duration.ofSeconds(1), 50);
    BreakerFixture fixture = new BreakerFixture(slow);
    fixture.breaker.tryAcquire();
    fixture.breaker.settings(slow.openFor(Duration.ofSeconds(5)));
    fixture.pass(MINUTE);

    assertThat(fixture.breaker.counts().slowInFlight()).isEqualTo(1);
  }

  @Test
  void permit_ended_twice_hides_no_slow_call() {
    BreakerFixture fixture =
        new BreakerFixture(
            BreakerSettings.overCalls(10, 10, 50).slowCalls(Duration.ofSeconds(1), 50));
    long twice = fixture.breaker.tryAcquire();
    fixture.breaker.success(twice);
    fixture.breaker.giveBack(twice);
    fixture.breaker.tryAcquire();
    fixture.pass(MINUTE);

    assertThat(fixture.breaker.counts().slowInFlight()).isEqualTo(1);
  }

  @Test
  void durations_that_are_no_whole_ticks_are_never_up_early() {
    Duration odd = Duration.ofNanos(1_000_001);
    BreakerFixture slow =
        new BreakerFixture(BreakerSettings.overCalls(2, 2, 100).slowCalls(odd, 100));
    // Just before the end of a tick, so that the call seems to have begun a tick earlier.
    slow.pass(Duration.ofNanos(Ticks.NANOS - 1));
    long permit = slow.breaker.tryAcquire();
    slow.pass(odd);
    slow.breaker.success(permit);

    assertThat(slow.breaker.counts()).isEqualTo(new BreakerCounts(1, 0, 0, 0));
  }
}
