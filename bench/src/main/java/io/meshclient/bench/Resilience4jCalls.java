package io.meshclient.bench;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowSynchronizationStrategy;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * Calls through Resilience4j's closed breaker, which all threads share. All but one hand it a
 * duration that costs nothing, which is cheaper than what its decorators do.
 */
@State(Scope.Benchmark)
public class Resilience4jCalls {
  private static final long DURATION = 1_000_000;

  private final Exception failure = new IllegalStateException("HTTP 503");

  private final CircuitBreaker standard = CircuitBreaker.ofDefaults("default");
  private final CircuitBreaker lockFree =
      of(SlidingWindowType.COUNT_BASED, SlidingWindowSynchronizationStrategy.LOCK_FREE);
  private final CircuitBreaker time =
      of(SlidingWindowType.TIME_BASED, SlidingWindowSynchronizationStrategy.SYNCHRONIZED);
  private final CircuitBreaker timeLockFree =
      of(SlidingWindowType.TIME_BASED, SlidingWindowSynchronizationStrategy.LOCK_FREE);

  /** Its defaults but for the window's kind. */
  private static CircuitBreaker of(
      SlidingWindowType type, SlidingWindowSynchronizationStrategy strategy) {
    CircuitBreakerConfig config =
        CircuitBreakerConfig.custom()
            .slidingWindowType(type)
            .slidingWindowSynchronizationStrategy(strategy)
            .build();
    return CircuitBreaker.of(type + "-" + strategy, config);
  }

  /** The default: the last 100 calls, under a lock. */
  @Benchmark
  public void standard() {
    call(standard);
  }

  /** The default, with the clock read twice as its decorators read it. */
  @Benchmark
  public void standardTimed() {
    standard.acquirePermission();
    long start = standard.getCurrentTimestamp();
    standard.onSuccess(standard.getCurrentTimestamp() - start, standard.getTimestampUnit());
  }

  @Benchmark
  public void lockFree() {
    call(lockFree);
  }

  @Benchmark
  public void time() {
    call(time);
  }

  @Benchmark
  public void timeLockFree() {
    call(timeLockFree);
  }

  @Benchmark
  @OperationsPerInvocation(Failing.CALLS)
  public void standardFailing() {
    failOnce(standard);
  }

  @Benchmark
  @OperationsPerInvocation(Failing.CALLS)
  public void lockFreeFailing() {
    failOnce(lockFree);
  }

  private static void call(CircuitBreaker breaker) {
    breaker.acquirePermission();
    breaker.onSuccess(DURATION, NANOSECONDS);
  }

  private void failOnce(CircuitBreaker breaker) {
    for (int i = 1; i < Failing.CALLS; i++) {
      call(breaker);
    }
    breaker.acquirePermission();
    breaker.onError(DURATION, NANOSECONDS, failure);
  }
}
