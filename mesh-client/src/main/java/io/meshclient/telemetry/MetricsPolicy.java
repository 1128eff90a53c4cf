package io.meshclient.telemetry;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which of Istio's metrics are recorded, and with which labels. Immutable. */
final class MetricsPolicy {
  /** All of them, as Istio has them. */
  static final MetricsPolicy ALL = new MetricsPolicy(new EnumMap<>(IstioMetric.class));

  /**
   * What is changed of one metric.
   *
   * @param labels changed ones; an empty value takes a label away, others are {@link LabelValue}s
   */
  record Change(boolean disabled, Map<String, LabelValue> labels) {
    static final Change NONE = new Change(false, Map.of());

    Change {
      labels = Map.copyOf(labels);
    }
  }

  private final Map<IstioMetric, Change> changes;

  MetricsPolicy(Map<IstioMetric, Change> changes) {
    this.changes = new EnumMap<>(IstioMetric.class);
    this.changes.putAll(changes);
  }

  Change of(IstioMetric metric) {
    @Nullable Change change = changes.get(metric);
    return change == null ? Change.NONE : change;
  }
}
