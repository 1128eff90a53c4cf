package io.meshclient.bench;

import com.linecorp.armeria.client.circuitbreaker.CircuitBreaker;
import com.linecorp.armeria.client.circuitbreaker.CircuitState;
import java.time.Duration;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Calls through Armeria's breakers. */
@State(Scope.Benchmark)
public class ArmeriaBreakers {
  private final CircuitBreaker closed = CircuitBreaker.ofDefaultName();
  private final CircuitBreaker open = open();

  /** By failures, as in life: a breaker that is forced open does not look at the time. */
  private static CircuitBreaker open() {
    CircuitBreaker breaker =
        CircuitBreaker.builder("open")
            .minimumRequestThreshold(1)
            .counterUpdateInterval(Duration.ofMillis(1))
            .circuitOpenWindow(Duration.ofHours(1))
            .build();
    long start = System.nanoTime();
    while (breaker.circuitState() != CircuitState.OPEN) {
      if (System.nanoTime() - start > Duration.ofSeconds(10).toNanos()) {
        throw new IllegalStateException("The breaker is closed (expected: open)");
      }
      breaker.onFailure();
    }
    return breaker;
  }

  @Benchmark
  public void call() {
    if (!closed.tryRequest()) {
      throw new IllegalStateException("The breaker is open (expected: closed)");
    }
    closed.onSuccess();
  }

  @Benchmark
  public boolean rejection() {
    return open.tryRequest();
  }
}
