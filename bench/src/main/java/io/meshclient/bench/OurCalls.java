package io.meshclient.bench;

import io.meshclient.resilience.BreakerSettings;
import io.meshclient.resilience.CircuitBreaker;
import io.meshclient.resilience.CircuitOpenException;
import java.time.Duration;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Calls through this library's closed breaker, which all threads share. */
@State(Scope.Benchmark)
public class OurCalls {
  private static final BreakerSettings OVER_CALLS = BreakerSettings.overCalls(100, 100, 50);

  /** Told of, but never thrown. */
  private final Exception failure = new IllegalStateException("HTTP 503");

  private final CircuitBreaker consecutive = new CircuitBreaker("guide", BreakerSettings.GUIDE);
  private final CircuitBreaker overCalls = new CircuitBreaker("calls", OVER_CALLS);
  private final CircuitBreaker overCallsSlow =
      new CircuitBreaker("slow", OVER_CALLS.slowCalls(Duration.ofSeconds(60), 100));
  private final CircuitBreaker overTime =
      new CircuitBreaker("time", BreakerSettings.overTime(Duration.ofSeconds(100), 100, 50));

  /** As the guide has it. */
  @Benchmark
  public void consecutive() throws CircuitOpenException {
    consecutive.success(consecutive.acquire());
  }

  /** The window and the rate of Resilience4j's default. */
  @Benchmark
  public void overCalls() throws CircuitOpenException {
    overCalls.success(overCalls.acquire());
  }

  /** The same with the slow calls of Resilience4j's default. */
  @Benchmark
  public void overCallsSlow() throws CircuitOpenException {
    overCallsSlow.success(overCallsSlow.acquire());
  }

  /** As long as Resilience4j's default is wide, when that is told to count seconds. */
  @Benchmark
  public void overTime() throws CircuitOpenException {
    overTime.success(overTime.acquire());
  }

  /** One call in ten fails: far from opening the breaker, and every total moves. */
  @Benchmark
  @OperationsPerInvocation(Failing.CALLS)
  public void overCallsFailing() throws CircuitOpenException {
    for (int i = 1; i < Failing.CALLS; i++) {
      overCalls.success(overCalls.acquire());
    }
    overCalls.failure(overCalls.acquire(), failure);
  }

  /** The same, of calls by time. */
  @Benchmark
  @OperationsPerInvocation(Failing.CALLS)
  public void overTimeFailing() throws CircuitOpenException {
    for (int i = 1; i < Failing.CALLS; i++) {
      overTime.success(overTime.acquire());
    }
    overTime.failure(overTime.acquire(), failure);
  }
}
