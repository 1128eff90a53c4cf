package io.meshclient.telemetry;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.metrics.data.DoublePointData;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.MetricDataType;
import io.opentelemetry.sdk.metrics.data.PointData;
import io.opentelemetry.sdk.metrics.data.SumData;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes metrics in <a href="https://prometheus.io/docs/instrumenting/exposition_formats/">
 * Prometheus' text format</a>, named as OpenTelemetry's <a
 * href="https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/">compatibility
 * document</a> has it: dots become underscores, units and {@code _total} are appended.
 */
final class PrometheusText {
  private static final Map<String, String> UNITS =
      Map.of("s", "seconds", "ms", "milliseconds", "By", "bytes");

  private final StringBuilder out = new StringBuilder(4096);

  private PrometheusText() {}

  static String of(Collection<MetricData> metrics) {
    PrometheusText text = new PrometheusText();
    // One family for a name, whoever measured it.
    Set<String> written = new HashSet<>();
    for (MetricData metric : metrics) {
      text.add(metric, written.add(name(metric)));
    }
    return text.out.toString();
  }

  private void add(MetricData metric, boolean first) {
    String name = name(metric);
    String type = type(metric);
    if (type == null || metric.getData().getPoints().isEmpty()) {
      return;
    }
    if (first) {
      out.append("# HELP ").append(name).append(' ');
      escape(metric.getDescription(), false);
      out.append("\n# TYPE ").append(name).append(' ').append(type).append('\n');
    }
    for (PointData point : metric.getData().getPoints()) {
      add(name, point);
    }
  }

  private static @Nullable String type(MetricData metric) {
    return switch (metric.getType()) {
      case LONG_GAUGE, DOUBLE_GAUGE -> "gauge";
      case LONG_SUM, DOUBLE_SUM ->
          metric.getData() instanceof SumData<?> sum && sum.isMonotonic() ? "counter" : "gauge";
      case HISTOGRAM -> "histogram";
      case SUMMARY, EXPONENTIAL_HISTOGRAM -> null; // nothing here records them
    };
  }

  private void add(String name, PointData point) {
    if (point instanceof LongPointData one) {
      sample(name, point.getAttributes(), null, Long.toString(one.getValue()));
    } else if (point instanceof DoublePointData one) {
      sample(name, point.getAttributes(), null, number(one.getValue()));
    } else if (point instanceof HistogramPointData histogram) {
      long below = 0;
      for (int i = 0; i < histogram.getCounts().size(); i++) {
        below += histogram.getCounts().get(i);
        boolean last = i == histogram.getBoundaries().size();
        String bound = last ? "+Inf" : number(histogram.getBoundaries().get(i));
        sample(name + "_bucket", point.getAttributes(), bound, Long.toString(below));
      }
      sample(name + "_sum", point.getAttributes(), null, number(histogram.getSum()));
      sample(name + "_count", point.getAttributes(), null, Long.toString(histogram.getCount()));
    }
  }

  private void sample(String name, Attributes attributes, @Nullable String bound, String value) {
    out.append(name);
    Map<String, String> labels = new TreeMap<>();
    attributes.forEach((key, text) -> labels.put(plain(key.getKey()), String.valueOf(text)));
    if (bound != null) {
      labels.put("le", bound);
    }
    if (!labels.isEmpty()) {
      out.append('{');
      String separator = "";
      for (Map.Entry<String, String> label : labels.entrySet()) {
        out.append(separator).append(label.getKey()).append("=\"");
        escape(label.getValue(), true);
        out.append('"');
        separator = ",";
      }
      out.append('}');
    }
    out.append(' ').append(value).append('\n');
  }

  private void escape(String text, boolean quotes) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '"' -> out.append(quotes ? "\\\"" : "\"");
        default -> out.append(c);
      }
    }
  }

  private static String name(MetricData metric) {
    String name = plain(metric.getName());
    String unit = UNITS.getOrDefault(metric.getUnit(), "");
    if (!unit.isEmpty() && !name.endsWith("_" + unit)) {
      name += "_" + unit;
    }
    boolean counts =
        metric.getType() != MetricDataType.HISTOGRAM
            && metric.getData() instanceof SumData<?> sum
            && sum.isMonotonic();
    return counts && !name.endsWith("_total") ? name + "_total" : name;
  }

  private static String plain(String name) {
    StringBuilder plain = new StringBuilder(name.length());
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
      plain.append(letter || c >= '0' && c <= '9' && i > 0 ? c : '_');
    }
    return plain.toString();
  }

  private static String number(double value) {
    if (value == Double.POSITIVE_INFINITY) {
      return "+Inf";
    }
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
