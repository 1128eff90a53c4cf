package io.meshclient.bench;

import io.meshclient.resilience.BreakerSettings;
import io.meshclient.resilience.CircuitBreaker;
import io.meshclient.resilience.CircuitOpenException;
import java.time.Duration;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Calls that this library's open breaker turns away. */
@State(Scope.Benchmark)
public class OurRejections {
  private final CircuitBreaker breaker = open();

  private static CircuitBreaker open() {
    CircuitBreaker breaker =
        new CircuitBreaker(
            "open", BreakerSettings.consecutive(1).openFor(Duration.ofHours(1)).jitter(0));
    breaker.failure(breaker.tryAcquire(), "HTTP 503");
    return breaker;
  }

  /** Says no by a number. */
  @Benchmark
  public long tried() {
    return breaker.tryAcquire();
  }

  /** Says no by an exception, which has no stack trace. */
  @Benchmark
  public Object thrown() {
    try {
      return breaker.acquire();
    } catch (CircuitOpenException e) {
      return e;
    }
  }
}
