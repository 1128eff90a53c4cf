package io.meshclient.bench;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Duration;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Calls that Resilience4j's open breaker turns away. */
@State(Scope.Benchmark)
public class Resilience4jRejections {
  private final CircuitBreaker traced = open(true);
  private final CircuitBreaker untraced = open(false);

  private static CircuitBreaker open(boolean stackTraces) {
    CircuitBreakerConfig config =
        CircuitBreakerConfig.custom()
            .waitDurationInOpenState(Duration.ofHours(1))
            .writableStackTraceEnabled(stackTraces)
            .build();
    CircuitBreaker breaker = CircuitBreaker.of("open", config);
    breaker.transitionToOpenState();
    return breaker;
  }

  @Benchmark
  public boolean tried() {
    return traced.tryAcquirePermission();
  }

  /** Its default: with a stack trace, here of the few frames that the benchmark has. */
  @Benchmark
  public Object thrown() {
    return rejection(traced);
  }

  @Benchmark
  public Object thrownUntraced() {
    return rejection(untraced);
  }

  private static Object rejection(CircuitBreaker breaker) {
    try {
      breaker.acquirePermission();
      return breaker;
    } catch (CallNotPermittedException e) {
      return e;
    }
  }
}
