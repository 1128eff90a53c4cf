package io.meshclient.bench;

import dev.failsafe.CircuitBreaker;
import dev.failsafe.CircuitBreakerOpenException;
import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeExecutor;
import java.time.Duration;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Calls through Failsafe's breakers, by themselves and as an executor makes them. */
@State(Scope.Benchmark)
public class FailsafeBreakers {
  private final Object answer = new Object();

  private final CircuitBreaker<Object> closed =
      CircuitBreaker.builder().withFailureThreshold(50, 100).build();
  private final FailsafeExecutor<Object> closedExecutor = Failsafe.with(closed);
  private final CircuitBreaker<Object> open = open();
  private final FailsafeExecutor<Object> openExecutor = Failsafe.with(open);

  private static CircuitBreaker<Object> open() {
    CircuitBreaker<Object> breaker =
        CircuitBreaker.builder().withDelay(Duration.ofHours(1)).build();
    breaker.open();
    return breaker;
  }

  @Benchmark
  public void call() {
    if (!closed.tryAcquirePermit()) {
      throw new IllegalStateException("The breaker is open (expected: closed)");
    }
    closed.recordSuccess();
  }

  @Benchmark
  public Object executorCall() {
    return closedExecutor.get(() -> answer);
  }

  @Benchmark
  public boolean rejection() {
    return open.tryAcquirePermit();
  }

  @Benchmark
  public Object executorRejection() {
    try {
      return openExecutor.get(() -> answer);
    } catch (CircuitBreakerOpenException e) {
      return e;
    }
  }
}
