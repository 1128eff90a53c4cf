package io.meshclient.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.context.OutboundHeaders;
import io.meshclient.context.PropagationPolicy;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MeshTelemetryTest {
  private static final SpanContext CALLER =
      SpanContext.createFromRemoteParent(
          "0af7651916cd43dd8448eb211c80319c",
          "b7ad6b7169203331",
          TraceFlags.getDefault(),
          TraceState.getDefault());

  @ParameterizedTest(name = "OTEL_TRACES_EXPORTER={0}")
  @ValueSource(strings = {"", " ", "none", " none "})
  void spans_areMade_thoughNobodyHearsOfThem(String exporter) {
    try (MeshTelemetry telemetry = telemetry("OTEL_TRACES_EXPORTER", exporter)) {
      SpanContext root = span(telemetry, Context.root());
      assertThat(root.isValid()).isTrue();
      assertThat(root.isSampled()).isTrue();
      SpanContext child = span(telemetry, Context.root().with(Span.wrap(CALLER)));
      assertThat(child.getTraceId()).isEqualTo(CALLER.getTraceId());
      assertThat(child.getSpanId()).isNotEqualTo(CALLER.getSpanId());
      assertThat(child.isSampled()).isFalse();
      assertThat(telemetry.openTelemetry().toString())
          .doesNotContain("localhost") // where OpenTelemetry would send metrics by itself
          .contains(exporter.isBlank() ? "LateSpans" : "UnreportedSpans");
    }
  }

  @ParameterizedTest(name = "{0}={1}")
  @CsvSource({
    "OTEL_EXPORTER_OTLP_TIMEOUT, 3000, true, 0",
    "OTEL_EXPORTER_OTLP_PROTOCOL, grpc, true, 0",
    "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT, http://collector:1, true, 1",
    "OTEL_METRICS_EXPORTER, otlp, true, 1",
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, http://collector:1, false, 0",
    "OTEL_TRACES_EXPORTER, otlp, false, 0",
    "OTEL_TRACES_EXPORTER, none, false, 0",
    "OTEL_EXPORTER_OTLP_ENDPOINT, http://collector:1, false, 1",
    "OTEL_EXPORTER_OTLP_ENDPOINT, ' ', true, 0",
  })
  void variable_saysWhereItsOwnSignalGoes(
      String variable, String value, boolean toProvider, int ofMetrics) {
    try (MeshTelemetry telemetry = telemetry(variable, value)) {
      String all = telemetry.openTelemetry().toString();
      assertThat(all.contains("ProviderExporter")).as(all).isEqualTo(toProvider);
      assertThat(all.split("PeriodicMetricReader", -1)).as(all).hasSize(ofMetrics + 1);
      if (!variable.endsWith("_EXPORTER")) {
        assertThat(all).doesNotContain("localhost");
      }
    }
  }

  @Test
  void sdkDisabled_makesNoSpans() {
    try (MeshTelemetry telemetry = telemetry("OTEL_SDK_DISABLED", "true")) {
      assertThat(span(telemetry, Context.root()).isValid()).isFalse();
      assertThat(span(telemetry, Context.root().with(Span.wrap(CALLER)))).isEqualTo(CALLER);
      OpenTelemetry disabled = telemetry.openTelemetry();
      RequestTelemetry requests =
          RequestTelemetry.create(
              disabled, disabled.getPropagators(), Peer.NOBODY, () -> TelemetryPolicy.NONE);
      assertThat(requests.traces() || requests.counts(true)).isFalse();
      telemetry.apply(TelemetryPolicy.NONE);
      telemetry.flush();
      assertThat(telemetry.prometheus()).isEmpty();
    }
  }

  @ParameterizedTest(name = "OTEL_PROPAGATORS={0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "''              | traceparent, tracestate, baggage",
        "tracecontext    | traceparent, tracestate",
        "b3, baggage     | b3, baggage",
        "b3multi         | x-b3-traceid, x-b3-spanid, x-b3-sampled",
      })
  void propagators_areTheEnvironments(String named, String fields) {
    try (MeshTelemetry telemetry = telemetry("OTEL_PROPAGATORS", named)) {
      assertThat(telemetry.openTelemetry().getPropagators().getTextMapPropagator().fields())
          .containsExactly(fields.split(", "));
    }
  }

  @Test
  void noPropagators_isNotTheUsualOnes() {
    Map<String, String> named = Map.of("OTEL_PROPAGATORS", "none");
    try (MeshTelemetry telemetry = MeshTelemetry.builder().environment(named).build()) {
      Map<String, String> sent = new TreeMap<>();
      OutboundHeaders.create(
              PropagationPolicy.builder().deny("x-request-id").build(),
              telemetry.openTelemetry().getPropagators())
          .apply(
              Context.root().with(Span.wrap(CALLER)), "orders", sent, Map::containsKey, Map::put);
      assertThat(sent).isEmpty();
    }
  }

  private static MeshTelemetry telemetry(String variable, String value) {
    return MeshTelemetry.builder().environment(Map.of(variable, value)).service("web").build();
  }

  private static SpanContext span(MeshTelemetry telemetry, Context parent) {
    Span span =
        telemetry
            .openTelemetry()
            .getTracer("test")
            .spanBuilder("work")
            .setParent(parent)
            .startSpan();
    span.end();
    return span.getSpanContext();
  }
}
