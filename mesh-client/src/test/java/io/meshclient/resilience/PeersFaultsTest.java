package io.meshclient.resilience;

import static io.meshclient.resilience.CircuitBreaker.REJECTED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.failsafe.CircuitBreakerBuilder;
import io.meshclient.resilience.CircuitBreaker.State;
import java.time.Duration;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What goes wrong in other libraries' breakers does not in this one. */
class PeersFaultsTest {
  private static final Duration MINUTE = Duration.ofSeconds(60);

  @Nested
  class Failsafe_3_3_2 {

    @Test
    void admits_nine_probes_where_five_are_allowed() {
      BreakerFixture five = opened(BreakerSettings.overCalls(9, 9, 50).probes(5), 9);
      long[] first = asking(five, 5);
      assertThat(asking(five, 4)).isEmpty();

      LongStream.of(first).limit(4).forEach(five.breaker::success);

      assertThat(asking(five, 4)).isEmpty();
      assertThat(five.breaker.state()).isEqualTo(State.HALF_OPEN);
    }

    @Test
    void closes_on_a_success_from_before_it_opened() {
      BreakerFixture fixture = new BreakerFixture(BreakerSettings.GUIDE);
      assertStaleSuccessClosesNothing(fixture);
    }

    @Test
    void stays_half_open_for_good_when_a_probe_is_lost() {
      BreakerFixture fixture = opened(BreakerSettings.GUIDE, 3);
      assertThat(asking(fixture, 2)).hasSize(1);
      fixture.pass(MINUTE.plusMillis(1));

      fixture.succeed(1);

      assertThat(fixture.breaker.state()).isEqualTo(State.CLOSED);
    }

    @Test
    void the_library_itself_shows_its_faults() {
      dev.failsafe.CircuitBreaker<Object> theirs = theirs().withSuccessThreshold(5).build();
      theirs.halfOpen();
      int admitted = 0;
      for (int i = 0; i < 5; i++) {
        admitted += theirs.tryAcquirePermit() ? 1 : 0;
      }
      for (int i = 0; i < 4; i++) {
        theirs.recordSuccess();
      }
      for (int i = 0; i < 5; i++) {
        admitted += theirs.tryAcquirePermit() ? 1 : 0;
      }
      // Five are allowed; the places of those that ended are given out again.
      assertThat(admitted).isEqualTo(9);

      dev.failsafe.CircuitBreaker<Object> stale = theirs().build();
      stale.tryAcquirePermit();
      stale.halfOpen();
      stale.recordSuccess();
      assertThat(stale.isClosed()).isTrue();

      dev.failsafe.CircuitBreaker<Object> lost = theirs().withDelay(Duration.ZERO).build();
      lost.halfOpen();
      assertThat(lost.tryAcquirePermit()).isTrue();
      // There is no time after which this would be anything else.
      assertThat(lost.tryAcquirePermit()).isFalse();
    }

    private CircuitBreakerBuilder<Object> theirs() {
      return dev.failsafe.CircuitBreaker.builder();
    }
  }

  @Nested
  class Resilience4j_2_4_0 {
    @Test
    void closes_on_a_success_from_before_it_opened() {
      assertStaleSuccessClosesNothing(
          new BreakerFixture(BreakerSettings.overCalls(10, 3, 50).openFor(MINUTE).jitter(0)));
    }
  }

  @Nested
  class Armeria_1_40_0 {
    @Test
    void closes_on_a_success_from_before_it_opened() {
      assertStaleSuccessClosesNothing(
          new BreakerFixture(
              BreakerSettings.overTime(Duration.ofSeconds(10), 3, 50).openFor(MINUTE).jitter(0)));
    }
  }

  @Nested
  class Sentinel_1_8_9 {
    @Test
    void forgets_all_at_the_edge_of_a_window_that_tumbles() {
      BreakerFixture fixture =
          new BreakerFixture(BreakerSettings.overTime(Duration.ofSeconds(10), 6, 60));
      // Three failures before, and three after, any second at which a window might end.
      fixture.fail(3);
      fixture.pass(Duration.ofSeconds(5));
      for (int i = 0; i < 3; i++) {
        fixture.pass(Duration.ofSeconds(1));
        fixture.fail(1);
      }

      assertThat(fixture.breaker.state()).isEqualTo(State.OPEN);
    }
  }

  private static void assertStaleSuccessClosesNothing(BreakerFixture fixture) {
    long stale = fixture.breaker.tryAcquire();
    fixture.fail(3);
    fixture.breaker.success(stale);
    assertThat(fixture.breaker.state()).isEqualTo(State.OPEN);
    fixture.pass(MINUTE);
    long probe = fixture.breaker.tryAcquire();
    fixture.breaker.success(stale);

    assertThat(fixture.breaker.state()).isEqualTo(State.HALF_OPEN);
    assertThat(fixture.breaker.lateResults()).isEqualTo(2);
    fixture.breaker.failure(probe, "HTTP 503");
    assertThat(fixture.breaker.state()).isEqualTo(State.OPEN);
  }

  private static BreakerFixture opened(BreakerSettings settings, int failures) {
    BreakerFixture fixture = new BreakerFixture(settings.openFor(MINUTE).jitter(0));
    fixture.fail(failures);
    fixture.pass(MINUTE);
    return fixture;
  }

  /** The permits that so many calls get. */
  private static long[] asking(BreakerFixture fixture, int calls) {
    return IntStream.range(0, calls)
        .mapToLong(i -> fixture.breaker.tryAcquire())
        .filter(permit -> permit != REJECTED)
        .toArray();
  }
}
