package io.meshclient;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableLongMeasurement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What guards of destinations do, as OpenTelemetry metrics that are read when they are asked for:
 * calls pay nothing for them. They are told until this is closed. For one thread, but for the
 * reading.
 */
final class GuardMetrics<T> implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(GuardMetrics.class);

  private final Meter meter;
  private final String prefix;
  private final AttributeKey<String> nameKey;
  private final Supplier<List<T>> guards;
  private final Function<T, String> name;
  private final List<AutoCloseable> observed = new ArrayList<>();

  /**
   * @param prefix of the metrics' names, such as {@code mesh.breaker}
   */
  GuardMetrics(
      Meter meter, String prefix, Supplier<List<T>> guards, Function<T, String> nameOfGuard) {
    this.meter = meter;
    this.prefix = prefix;
    this.nameKey = AttributeKey.stringKey(prefix + ".name");
    this.guards = guards;
    this.name = nameOfGuard;
  }

  /** What only grows, in calls. */
  GuardMetrics<T> counter(String metric, String what, ToLongFunction<T> value) {
    observed.add(
        meter
            .counterBuilder(prefix + "." + metric)
            .setDescription(what)
            .setUnit("{call}")
            .buildWithCallback(each(value)));
    return this;
  }

  /** What goes up and down, in calls. */
  GuardMetrics<T> level(String metric, String what, ToLongFunction<T> value) {
    observed.add(
        meter
            .upDownCounterBuilder(prefix + "." + metric)
            .setDescription(what)
            .setUnit("{call}")
            .buildWithCallback(each(value)));
    return this;
  }

  /** 1 for the state that a guard is in, 0 for the others. */
  <S extends Enum<S>> GuardMetrics<T> state(String what, S[] states, Function<T, S> state) {
    AttributeKey<String> key = AttributeKey.stringKey(prefix + ".state");
    observed.add(
        meter
            .gaugeBuilder(prefix + ".state")
            .ofLongs()
            .setDescription(what)
            .setUnit("{state}")
            .buildWithCallback(
                measurement -> {
                  for (T guard : guards.get()) {
                    S now = state.apply(guard);
                    for (S one : states) {
                      measurement.record(
                          one == now ? 1 : 0,
                          Attributes.of(nameKey, name.apply(guard), key, one.name()));
                    }
                  }
                }));
    return this;
  }

  private Consumer<ObservableLongMeasurement> each(ToLongFunction<T> value) {
    return measurement -> {
      for (T guard : guards.get()) {
        measurement.record(value.applyAsLong(guard), Attributes.of(nameKey, name.apply(guard)));
      }
    };
  }

  static void giveBack(AutoCloseable instrument) {
    try {
      instrument.close();
    } catch (Exception e) {
      log.warn("A metric was not given back: {}", instrument, e);
    }
  }

  @Override
  public void close() {
    observed.forEach(GuardMetrics::giveBack);
  }
}
