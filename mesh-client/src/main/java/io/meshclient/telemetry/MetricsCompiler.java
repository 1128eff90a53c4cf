package io.meshclient.telemetry;

import io.meshclient.istio.Telemetry;
import io.meshclient.istio.Telemetry.Metric;
import io.meshclient.istio.Telemetry.Mode;
import io.meshclient.istio.Telemetry.TagOperation;
import io.meshclient.istio.Telemetry.TagOverride;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The metrics part of Telemetry resources: overrides come on top of each other. */
final class MetricsCompiler {
  private final TelemetryCompiler compiler;

  MetricsCompiler(TelemetryCompiler compiler) {
    this.compiler = compiler;
  }

  MetricsPolicy of(Mode side) {
    Map<IstioMetric, MetricsPolicy.Change> changes = new EnumMap<>(IstioMetric.class);
    for (Telemetry telemetry : compiler.inForce()) {
      for (Telemetry.Metrics metrics : telemetry.spec().metrics()) {
        for (Telemetry.MetricsOverride override : metrics.overrides()) {
          apply(override, side, metrics, changes);
        }
      }
    }
    return new MetricsPolicy(changes);
  }

  private void apply(
      Telemetry.MetricsOverride override,
      Mode side,
      Telemetry.Metrics in,
      Map<IstioMetric, MetricsPolicy.Change> changes) {
    Telemetry.MetricSelector match = override.match();
    if (!TelemetryCompiler.covers(match == null ? null : match.mode(), side)
        || match != null && match.customMetric() != null) {
      return;
    }
    Metric metric = match == null || match.metric() == null ? Metric.ALL_METRICS : match.metric();
    Map<String, LabelValue> labels = labels(override.tagOverrides(), in);
    for (IstioMetric one : IstioMetric.values()) {
      if (metric != Metric.ALL_METRICS && metric != one.inResources()) {
        continue;
      }
      MetricsPolicy.Change before = changes.getOrDefault(one, MetricsPolicy.Change.NONE);
      Map<String, LabelValue> all = new HashMap<>(before.labels());
      all.putAll(labels);
      boolean disabled = override.disabled() == null ? before.disabled() : override.disabled();
      changes.put(one, new MetricsPolicy.Change(disabled, all));
    }
  }

  private Map<String, LabelValue> labels(Map<String, TagOverride> overrides, Telemetry.Metrics in) {
    Map<String, LabelValue> labels = new HashMap<>();
    overrides.forEach(
        (name, override) -> {
          if (override.operation() == TagOperation.REMOVE) {
            labels.put(name, LabelValue.REMOVED);
            return;
          }
          Function<RequestFacts, @Nullable String> value =
              compiler.orNull(
                  in.location(), "tagOverrides." + name + ".value", () -> value(override.value()));
          if (value != null) {
            labels.put(name, new LabelValue(value));
          }
        });
    return labels;
  }

  /** A constant in quotes, or an attribute such as {@code request.host}. */
  private static Function<RequestFacts, @Nullable String> value(@Nullable String expression) {
    if (expression == null || expression.isBlank()) {
      throw new IllegalArgumentException("nothing (expected: a value, or operation: REMOVE)");
    }
    var tokens = CelTokens.of(expression);
    if (tokens.size() == 2 && tokens.get(0).kind() != CelTokens.Kind.WORD) {
      String constant = tokens.get(0).text();
      return facts -> constant;
    }
    String text = expression.strip();
    int bracket = text.indexOf('[');
    String key =
        bracket < 0
            ? null
            : tokens.stream()
                .filter(token -> token.kind() == CelTokens.Kind.STRING)
                .findFirst()
                .map(CelTokens.Token::text)
                .orElse(null);
    Function<RequestFacts, @Nullable Object> attribute =
        CelAttributes.of(bracket < 0 ? text : text.substring(0, bracket), key, text);
    return facts -> {
      Object value = attribute.apply(facts);
      return value == null ? null : value.toString();
    };
  }
}
