package io.meshclient.resilience;

import static io.meshclient.resilience.CircuitBreaker.REJECTED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshclient.resilience.CircuitBreaker.State;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The breaker's states, and what moves it from one to the next. */
class CircuitBreakerTest {
  private static final Duration MINUTE = Duration.ofSeconds(60);

  private final BreakerFixture guide = new BreakerFixture(BreakerSettings.GUIDE);

  @Test
  void breaker_opens_at_the_third_failure_in_a_row() {
    guide.fail(2);
    guide.succeed(1);
    guide.fail(2);
    assertThat(guide.breaker.state()).isEqualTo(State.CLOSED);

    guide.fail(1);

    assertThat(guide.breaker.state()).isEqualTo(State.OPEN);
    assertThat(guide.breaker.tryAcquire()).isEqualTo(REJECTED);
    assertThat(guide.breaker.rejections()).isEqualTo(1);
  }

  @Test
  void rejection_tells_since_when_until_when_and_why() {
    guide.pass(Duration.ofSeconds(5));
    guide.fail(3);

    assertThatThrownBy(guide.breaker::acquire)
        .isInstanceOf(CircuitOpenException.class)
        .isInstanceOf(IOException.class)
        .hasMessage(
            "payment-service: circuit open since 2026-01-01T00:00:05Z,"
                + " until 2026-01-01T00:01:05Z, last failure: HTTP 503")
        .satisfies(e -> assertThat(e.getStackTrace()).isEmpty());
  }

  @Test
  void open_breaker_lets_one_probe_through_when_its_time_is_up() throws Exception {
    guide.fail(3);
    guide.pass(MINUTE.minusNanos(1));
    assertThat(guide.breaker.tryAcquire()).isEqualTo(REJECTED);

    guide.pass(Duration.ofNanos(1));
    long probe = guide.breaker.acquire();

    assertThat(guide.breaker.state()).isEqualTo(State.HALF_OPEN);
    assertThat(guide.breaker.probing()).isEqualTo(1);
    assertThat(guide.breaker.tryAcquire()).isEqualTo(REJECTED);
    guide.breaker.success(probe);
    assertThat(guide.transitions())
        .containsExactly("CLOSED to OPEN", "OPEN to HALF_OPEN", "HALF_OPEN to CLOSED");
  }

  @Test
  void failed_probe_opens_for_longer_up_to_a_bound() {
    BreakerFixture growing =
        new BreakerFixture(
            BreakerSettings.consecutive(1)
                .openFor(Duration.ofSeconds(10))
                .growing(2, Duration.ofSeconds(30))
                .jitter(0));
    for (int i = 0; i < 4; i++) {
      growing.fail(1);
      growing.pass(Duration.ofSeconds(30));
    }

    assertThat(growing.events.stream().filter(e -> e.to() == State.OPEN))
        .extracting(event -> event.openFor().toSeconds())
        .containsExactly(10L, 20L, 30L, 30L);
  }

  @Test
  void open_time_begins_anew_once_the_breaker_was_closed() {
    BreakerFixture growing = new BreakerFixture(BreakerSettings.consecutive(1).jitter(0));
    growing.fail(1);
    growing.pass(MINUTE);
    growing.fail(1);
    growing.pass(MINUTE.multipliedBy(2));
    growing.succeed(1);
    growing.fail(1);

    assertThat(growing.events.get(growing.events.size() - 1).openFor()).isEqualTo(MINUTE);
  }

  @Test
  void jitter_makes_an_open_time_shorter_or_longer() {
    BreakerFixture jittered = new BreakerFixture(BreakerSettings.consecutive(1).jitter(0.5));
    jittered.draw = 0;
    jittered.fail(1);

    assertThat(jittered.events.get(0).openFor()).isEqualTo(MINUTE.dividedBy(2));
  }

  @Test
  void half_open_breaker_closes_when_all_probes_have_passed() {
    BreakerFixture five = new BreakerFixture(BreakerSettings.GUIDE.probes(5));
    five.fail(3);
    five.pass(MINUTE);
    five.succeed(4);
    assertThat(five.breaker.state()).isEqualTo(State.HALF_OPEN);

    five.succeed(1);

    assertThat(five.breaker.state()).isEqualTo(State.CLOSED);
  }

  @Test
  void half_open_breaker_by_rate_bears_as_many_failed_probes_as_its_rate() {
    BreakerFixture half = new BreakerFixture(BreakerSettings.overCalls(10, 2, 50).probes(4));
    half.fail(2);
    half.pass(Duration.ofMinutes(10));
    half.fail(1);
    half.succeed(3);

    assertThat(half.breaker.state()).isEqualTo(State.CLOSED);
  }

  @Test
  void cancelled_probe_gives_its_place_back_and_counts_neither_way() {
    guide.fail(3);
    guide.pass(MINUTE);
    guide.breaker.giveBack(guide.breaker.tryAcquire());

    assertThat(guide.breaker.probing()).isZero();
    guide.succeed(1);
    assertThat(guide.breaker.state()).isEqualTo(State.CLOSED);
  }

  @Test
  void lost_probe_is_given_up_after_its_lease() {
    guide.fail(3);
    guide.pass(MINUTE);
    long lost = guide.breaker.tryAcquire();
    guide.pass(MINUTE.minusMillis(1));
    assertThat(guide.breaker.tryAcquire()).isEqualTo(REJECTED);
    guide.pass(Duration.ofMillis(2));

    long next = guide.breaker.tryAcquire();
    guide.breaker.failure(lost, "too late to tell");

    assertThat(next).isNotEqualTo(REJECTED);
    assertThat(guide.breaker.state()).isEqualTo(State.HALF_OPEN);
    assertThat(guide.breaker.lateResults()).isEqualTo(1);
    guide.breaker.success(next);
    assertThat(guide.breaker.state()).isEqualTo(State.CLOSED);
  }

  @Test
  void forced_open_breaker_stays_so_whatever_time_passes() {
    guide.breaker.forceOpen();
    guide.pass(Duration.ofDays(1));

    assertThatThrownBy(guide.breaker::acquire)
        .hasMessage("payment-service: circuit open since 2026-01-01T00:00:00Z, forced");
    guide.breaker.reset();
    assertThat(guide.breaker.tryAcquire()).isNotEqualTo(REJECTED);
  }

  @Test
  void disabled_breaker_minds_no_failure() {
    guide.breaker.disable();
    guide.fail(10);

    assertThat(guide.breaker.state()).isEqualTo(State.DISABLED);
    assertThat(guide.breaker.tryAcquire()).isNotEqualTo(REJECTED);
  }

  @Test
  void new_settings_keep_what_was_counted() {
    guide.fail(2);
    guide.breaker.settings(BreakerSettings.consecutive(4));
    guide.fail(1);
    assertThat(guide.breaker.state()).isEqualTo(State.CLOSED);

    guide.fail(1);

    assertThat(guide.breaker.state()).isEqualTo(State.OPEN);
  }

  @Test
  void new_settings_keep_a_breaker_open_for_as_long_as_it_meant_to() {
    guide.fail(3);
    guide.breaker.settings(BreakerSettings.GUIDE.openFor(Duration.ofSeconds(1)));
    guide.pass(Duration.ofSeconds(2));

    assertThat(guide.breaker.tryAcquire()).isEqualTo(REJECTED);
  }

  @Test
  void failing_listener_hurts_no_other() {
    BreakerFixture fixture = new BreakerFixture(BreakerSettings.consecutive(1));
    CircuitBreaker breaker = fixture.breaker;
    breaker.onTransition(
        event -> {
          throw new IllegalStateException("a listener of the test fails");
        });
    int[] heard = new int[1];
    breaker.onTransition(event -> heard[0]++);

    fixture.fail(1);

    assertThat(heard[0]).isEqualTo(1);
    assertThat(breaker.state()).isEqualTo(State.OPEN);
  }

  @Test
  void call_gives_its_permit_back_on_an_error() {
    guide.fail(3);
    guide.pass(MINUTE);

    assertThatThrownBy(
            () ->
                guide.breaker.call(
                    () -> {
                      throw new StackOverflowError();
                    }))
        .isInstanceOf(StackOverflowError.class);

    assertThat(guide.breaker.probing()).isZero();
  }
}
