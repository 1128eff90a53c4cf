package io.meshclient.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RateLimiterTest {
  private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 1_000_000);

  private RateLimiter limiter(RateLimit limit) {
    return new RateLimiter("payment", limit, clock::get);
  }

  private void pass(Duration time) {
    clock.addAndGet(time.toNanos());
  }

  private static int take(RateLimiter limiter) {
    int taken = 0;
    while (limiter.tryAcquire()) {
      taken++;
    }
    return taken;
  }

  @Test
  void burst_isThereAtTheStart() {
    RateLimiter limiter = limiter(RateLimit.perSecond(10).burst(25));

    assertThat(limiter.remaining()).isEqualTo(25);
    assertThat(take(limiter)).isEqualTo(25);
    assertThat(limiter.remaining()).isZero();
    assertThat(limiter.rejections()).isOne();
  }

  @Test
  void tokens_comeInEvenly() {
    RateLimiter limiter = limiter(RateLimit.of(3, Duration.ofSeconds(10)));
    take(limiter);

    pass(Duration.ofMillis(3333));
    assertThat(limiter.tryAcquire()).isFalse();
    assertThat(limiter.nanosUntilNext()).isBetween(333_333L, 333_334L);
    pass(Duration.ofMillis(1));
    assertThat(limiter.tryAcquire()).isTrue();
    assertThat(limiter.tryAcquire()).isFalse();
  }

  @Test
  void tokens_areSavedUpToTheBurstOnly() {
    RateLimiter limiter = limiter(RateLimit.perSecond(10).burst(5));
    take(limiter);

    pass(Duration.ofDays(900));

    assertThat(limiter.nanosUntilMore()).isZero();
    assertThat(take(limiter)).isEqualTo(5);
  }

  @Test
  void bucketThatWasFull_hasItsNextTokenAWholeTimeLater() {
    RateLimiter limiter = limiter(RateLimit.of(1, Duration.ofSeconds(10)));
    pass(Duration.ofSeconds(19));

    assertThat(limiter.tryAcquire()).isTrue();

    assertThat(Duration.ofNanos(limiter.nanosUntilNext())).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void tokensOverALongTime_areNoMoreThanTheLimit() {
    RateLimiter limiter = limiter(RateLimit.perSecond(7));
    int taken = take(limiter);
    for (int i = 0; i < 100_000; i++) {
      pass(Duration.ofMillis(10));
      taken += take(limiter);
    }

    assertThat(taken).isBetween(7 + 7000 - 1, 7 + 7000);
  }

  @Test
  void reservations_waitOneBehindTheOther() {
    RateLimiter limiter = limiter(RateLimit.of(1, Duration.ofMillis(100)));
    long most = Duration.ofMillis(250).toNanos();

    assertThat(limiter.reserve(most)).isZero();
    assertThat(limiter.reserve(most)).isEqualTo(100_000_000);
    assertThat(limiter.reserve(most)).isEqualTo(200_000_000);
    assertThat(limiter.reserve(most)).isEqualTo(RateLimiter.REFUSED);
  }

  @Test
  void reservationGivenBack_isTheNextOnes() {
    RateLimiter limiter = limiter(RateLimit.of(1, Duration.ofMillis(100)));
    long most = Duration.ofMillis(150).toNanos();
    limiter.reserve(most);
    limiter.reserve(most);

    limiter.giveBack();

    assertThat(limiter.reserve(most)).isEqualTo(100_000_000);
  }

  @Test
  void refusal_saysWhenToTryAgain() {
    RateLimiter limiter = limiter(RateLimit.of(1, Duration.ofSeconds(2)));
    limiter.tryAcquire();
    pass(Duration.ofMillis(500));

    RateLimitedException refused = limiter.refused();

    assertThat(refused.retryAfter()).isEqualTo(Duration.ofMillis(1500));
    assertThat(refused.destination()).isEqualTo("payment");
    assertThat(refused).hasMessage("payment: rate limit reached, next call in 1500 ms");
    assertThat(refused.getStackTrace()).isEmpty();
  }

  @Test
  void threads_takeNoMoreThanThereIs() throws InterruptedException {
    RateLimiter limiter = limiter(RateLimit.perSecond(1000));
    AtomicLong taken = new AtomicLong();
    Thread[] threads = new Thread[4];
    for (int i = 0; i < threads.length; i++) {
      threads[i] = new Thread(() -> taken.addAndGet(take(limiter)));
      threads[i].start();
    }
    for (Thread thread : threads) {
      thread.join(30_000);
    }

    assertThat(taken).hasValue(1000);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("wrongLimits")
  void limitOutOfBounds_isRefused(String message, ThrowingCallable made) {
    assertThatThrownBy(made)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message);
  }

  private static Stream<Arguments> wrongLimits() {
    return Stream.of(
        wrong("tokens: 0 (expected: 1 to 1000000000", () -> RateLimit.perSecond(0)),
        wrong("tokens: 2000000000 (", () -> RateLimit.perSecond(2_000_000_000)),
        wrong("interval: PT0S (", () -> RateLimit.of(1, Duration.ZERO)),
        wrong("interval: PT8784H (", () -> RateLimit.of(1, Duration.ofDays(366))),
        wrong("burst: 0 (", () -> RateLimit.perSecond(1).burst(0)),
        wrong("burst: 9223372036854775807 (", () -> RateLimit.perSecond(1).burst(Long.MAX_VALUE)),
        wrong(
            "maxWait: PT-1S (", () -> RateLimit.perSecond(1).waitingUpTo(Duration.ofSeconds(-1))));
  }

  private static Arguments wrong(String message, ThrowingCallable made) {
    return arguments(message, made);
  }
}
