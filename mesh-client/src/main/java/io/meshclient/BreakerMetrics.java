package io.meshclient;

import io.meshclient.resilience.BreakerEvent;
import io.meshclient.resilience.CircuitBreaker;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.LongCounterBuilder;
import io.opentelemetry.api.metrics.Meter;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What breakers do, as OpenTelemetry metrics. All but the transitions are read when they are asked
 * for: calls pay nothing for them. They are told until this is closed.
 */
final class BreakerMetrics implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(BreakerMetrics.class);

  private static final AttributeKey<String> NAME = AttributeKey.stringKey("mesh.breaker.name");
  private static final AttributeKey<String> STATE = AttributeKey.stringKey("mesh.breaker.state");
  private static final AttributeKey<String> FROM = AttributeKey.stringKey("mesh.breaker.from");

  private final LongCounter transitions;
  private final List<AutoCloseable> observed;

  BreakerMetrics(Meter meter, Supplier<List<CircuitBreaker>> breakers) {
    transitions =
        meter
            .counterBuilder("mesh.breaker.transitions")
            .setDescription("Times that a circuit breaker went from one state to another")
            .setUnit("{transition}")
            .build();
    observed =
        List.of(
            count(
                meter.counterBuilder("mesh.breaker.rejections"),
                "Calls that a circuit breaker turned away",
                breakers,
                CircuitBreaker::rejections),
            count(
                meter.counterBuilder("mesh.breaker.late_results"),
                "Results that came after a transition, and counted for nothing",
                breakers,
                CircuitBreaker::lateResults),
            states(meter, breakers));
  }

  private static AutoCloseable count(
      LongCounterBuilder counter,
      String what,
      Supplier<List<CircuitBreaker>> breakers,
      ToLongFunction<CircuitBreaker> value) {
    return counter
        .setDescription(what)
        .setUnit("{call}")
        .buildWithCallback(
            measurement -> {
              for (CircuitBreaker breaker : breakers.get()) {
                measurement.record(value.applyAsLong(breaker), Attributes.of(NAME, breaker.name()));
              }
            });
  }

  private static AutoCloseable states(Meter meter, Supplier<List<CircuitBreaker>> breakers) {
    return meter
        .gaugeBuilder("mesh.breaker.state")
        .ofLongs()
        .setDescription("1 for the state that a circuit breaker is in, 0 for the others")
        .setUnit("{state}")
        .buildWithCallback(
            measurement -> {
              for (CircuitBreaker breaker : breakers.get()) {
                CircuitBreaker.State now = breaker.state();
                for (CircuitBreaker.State state : CircuitBreaker.State.values()) {
                  measurement.record(
                      state == now ? 1 : 0,
                      Attributes.of(NAME, breaker.name(), STATE, state.name()));
                }
              }
            });
  }

  void transition(BreakerEvent event) {
    transitions.add(
        1,
        Attributes.of(NAME, event.breaker(), FROM, event.from().name(), STATE, event.to().name()));
  }

  @Override
  public void close() {
    for (AutoCloseable instrument : observed) {
      try {
        instrument.close();
      } catch (Exception e) {
        log.warn("A metric of circuit breakers was not given back: {}", instrument, e);
      }
    }
  }
}
