package io.meshclient;

import io.meshclient.resilience.BreakerEvent;
import io.meshclient.resilience.CircuitBreaker;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import java.util.List;
import java.util.function.Supplier;

/** What breakers do, as OpenTelemetry metrics: told until this is closed. */
final class BreakerMetrics implements AutoCloseable {
  private static final AttributeKey<String> NAME = AttributeKey.stringKey("mesh.breaker.name");
  private static final AttributeKey<String> STATE = AttributeKey.stringKey("mesh.breaker.state");
  private static final AttributeKey<String> FROM = AttributeKey.stringKey("mesh.breaker.from");

  private final LongCounter transitions;
  private final GuardMetrics<CircuitBreaker> observed;

  BreakerMetrics(Meter meter, Supplier<List<CircuitBreaker>> breakers) {
    transitions =
        meter
            .counterBuilder("mesh.breaker.transitions")
            .setDescription("Times that a circuit breaker went from one state to another")
            .setUnit("{transition}")
            .build();
    observed =
        new GuardMetrics<>(meter, "mesh.breaker", breakers, CircuitBreaker::name)
            .counter(
                "rejections",
                "Calls that a circuit breaker turned away",
                CircuitBreaker::rejections)
            .counter(
                "late_results",
                "Results that came after a transition, and counted for nothing",
                CircuitBreaker::lateResults)
            .state(
                "1 for the state that a circuit breaker is in, 0 for the others",
                CircuitBreaker.State.values(),
                CircuitBreaker::state);
  }

  void transition(BreakerEvent event) {
    transitions.add(
        1,
        Attributes.of(NAME, event.breaker(), FROM, event.from().name(), STATE, event.to().name()));
  }

  @Override
  public void close() {
    observed.close();
  }
}
