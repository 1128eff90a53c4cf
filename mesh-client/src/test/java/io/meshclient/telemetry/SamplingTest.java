package io.meshclient.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.meshclient.context.MeshContext;
import io.meshclient.istio.ConfigSource;
import io.meshclient.istio.Configuration;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SamplingTest {
  private static final int CALLS = 100_000;

  /** Six standard deviations of a share of 10 % of so many. */
  private static final double TOLERANCE = 6 * Math.sqrt(0.1 * 0.9 / CALLS);

  private MeshTelemetry telemetry =
      MeshTelemetry.builder().environment(Map.of()).service("web").build();

  @AfterEach
  void close() {
    telemetry.close();
  }

  @Test
  void share_ofTheResource_isSampled() {
    telemetry.apply(tracing("randomSamplingPercentage: 10"));
    assertThat(share(Context.root(), SpanKind.CLIENT)).isCloseTo(0.1, within(TOLERANCE));
    assertThat(share(Context.root(), SpanKind.SERVER)).isCloseTo(0.1, within(TOLERANCE));
  }

  @Test
  void share_changesWithAReload() {
    telemetry.apply(tracing("randomSamplingPercentage: 0"));
    assertThat(share(Context.root(), SpanKind.SERVER)).isZero();
    telemetry.apply(tracing("randomSamplingPercentage: 100"));
    assertThat(share(Context.root(), SpanKind.SERVER)).isOne();
    telemetry.apply(TelemetryPolicy.NONE);
    assertThat(share(Context.root(), SpanKind.SERVER)).isOne();
  }

  @Test
  void share_ofOneSide_leavesTheOther() {
    telemetry.apply(tracing("randomSamplingPercentage: 0", "match: {mode: CLIENT}"));
    assertThat(share(Context.root(), SpanKind.CLIENT)).isZero();
    assertThat(share(Context.root(), SpanKind.SERVER)).isOne();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "sampled by B3, x-b3-sampled, 1, 1",
    "sampled by B3 in one header, b3, 1, 1",
    "debug, x-b3-flags, 1, 1",
    "forced by Envoy's header, x-envoy-force-trace, true, 1",
    "another header, x-user-id, 1, 0",
    "not sampled by B3, x-b3-sampled, 0, 0",
  })
  void word_ofACallerWithoutTrace(String row, String header, String value, double expected) {
    telemetry.apply(tracing("randomSamplingPercentage: 0"));
    Context context = MeshContext.empty().with(header, value).storeIn(Context.root());
    assertThat(share(context, SpanKind.SERVER)).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "in headers of their own, x-b3-traceid, 0af7651916cd43dd8448eb211c80319c",
    "in one header, b3, 0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
  })
  void b3WithoutDecision_isDecidedByTheShare(String row, String header, String value) {
    Context deferred =
        MeshContext.empty().with(header, value).storeIn(remote(TraceFlags.getDefault()));
    telemetry.apply(tracing("randomSamplingPercentage: 100"));
    assertThat(share(deferred, SpanKind.SERVER)).isOne();
    telemetry.apply(tracing("randomSamplingPercentage: 0"));
    assertThat(share(deferred, SpanKind.SERVER)).isZero();
  }

  @Test
  void decision_ofTheParent_holds() {
    telemetry.apply(tracing("randomSamplingPercentage: 0"));
    assertThat(share(remote(TraceFlags.getSampled()), SpanKind.SERVER)).isOne();
    telemetry.apply(tracing("randomSamplingPercentage: 100"));
    assertThat(share(remote(TraceFlags.getDefault()), SpanKind.SERVER)).isZero();
  }

  @Test
  void header_thatARuleNames_isSampledWithinTheCap() {
    telemetry.close();
    telemetry =
        MeshTelemetry.builder()
            .environment(Map.of())
            .sampleHeader("x-user-id", "vip")
            .forcedPerSecond(10)
            .sampling(0)
            .build();
    Context vip = MeshContext.empty().with("x-user-id", "vip").storeIn(Context.root());
    double sampled = share(vip, SpanKind.SERVER) * CALLS;
    // Ten at once, then ten a second, however long the loop takes.
    assertThat(sampled).isBetween(10.0, 1000.0);
    Context other = MeshContext.empty().with("x-user-id", "42").storeIn(Context.root());
    assertThat(share(other, SpanKind.SERVER)).isZero();
  }

  private double share(Context parent, SpanKind kind) {
    OpenTelemetry sdk = telemetry.openTelemetry();
    Tracer tracer = sdk.getTracer("test");
    int sampled = 0;
    for (int i = 0; i < CALLS; i++) {
      Span span = tracer.spanBuilder("GET").setSpanKind(kind).setParent(parent).startSpan();
      sampled += span.getSpanContext().isSampled() ? 1 : 0;
    }
    return (double) sampled / CALLS;
  }

  private static Context remote(TraceFlags flags) {
    return Context.root()
        .with(
            Span.wrap(
                SpanContext.createFromRemoteParent(
                    "0af7651916cd43dd8448eb211c80319c",
                    "b7ad6b7169203331",
                    flags,
                    TraceState.getDefault())));
  }

  private static TelemetryPolicy tracing(String... fields) {
    String yaml =
        "apiVersion: telemetry.istio.io/v1\nkind: Telemetry\n"
            + "metadata: {name: mesh, namespace: istio-system}\nspec:\n  tracing:\n  - "
            + String.join("\n    ", fields)
            + "\n";
    Configuration configuration = Configuration.read(ConfigSource.yaml("telemetry", yaml));
    assertThat(configuration.problems()).isEmpty();
    return TelemetryPolicy.compile(
        configuration, "production", Map.of("app", "web"), "cluster.local");
  }
}
