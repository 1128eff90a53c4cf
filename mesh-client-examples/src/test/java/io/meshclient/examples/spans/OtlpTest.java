package io.meshclient.examples.spans;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.MeshClient;
import io.meshclient.istio.ConfigSource;
import io.meshclient.telemetry.MeshTelemetry;
import io.opentelemetry.api.trace.Span;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Spans by OTLP over both protocols, to a receiver of them. */
@Timeout(60)
class OtlpTest {
  private OtlpReceiver receiver;

  @BeforeEach
  void start() throws IOException {
    receiver = OtlpReceiver.start("127.0.0.1", 0);
  }

  @AfterEach
  void stop() {
    receiver.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"grpc", "http/protobuf"})
  void spans_goWhereTheEnvironmentSays(String protocol) throws InterruptedException {
    Map<String, String> variables = new HashMap<>();
    variables.put("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.endpoint());
    variables.put("OTEL_EXPORTER_OTLP_PROTOCOL", protocol);
    variables.put("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip");
    variables.put("OTEL_METRICS_EXPORTER", "none");
    variables.put("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=test");
    variables.put("POD_NAME", "web-1");
    String trace;
    try (MeshTelemetry telemetry =
        MeshTelemetry.builder().environment(variables).service("web").version("v1").build()) {
      trace = record(telemetry);
    }
    List<ReceivedSpan> spans =
        receiver.await(trace, found -> found.size() == 1, 20, TimeUnit.SECONDS);
    assertThat(spans).hasSize(1);
    assertThat(spans.get(0).service()).isEqualTo("web");
    assertThat(spans.get(0).name()).isEqualTo("job");
    assertThat(receiver.contentTypes().get(0))
        .startsWith(protocol.equals("grpc") ? "application/grpc" : "application/x-protobuf");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "http: {path: /v1/traces}"})
  void spans_goWhereTheProviderSays(String protocol) throws InterruptedException {
    String trace;
    try (MeshTelemetry telemetry =
            MeshTelemetry.builder().environment(Map.of()).service("web").build();
        MeshClient mesh =
            MeshClient.builder()
                .environment(Map.of())
                .service("web")
                .telemetry(telemetry)
                .config(
                    ConfigSource.yaml(
                        "telemetry",
                        """
                        apiVersion: telemetry.istio.io/v1
                        kind: Telemetry
                        metadata: {name: mesh, namespace: istio-system}
                        spec:
                          tracing: [{providers: [{name: otel}], randomSamplingPercentage: 100}]
                        """))
                .meshConfig(
                    """
                    extensionProviders:
                    - name: otel
                      opentelemetry:
                        service: 127.0.0.1
                        port: %d
                        %s
                    """
                        .formatted(receiver.port(), protocol))
                .build()) {
      assertThat(mesh.problems()).isEmpty();
      trace = record(telemetry);
    }
    assertThat(receiver.await(trace, found -> found.size() == 1, 20, TimeUnit.SECONDS)).hasSize(1);
  }

  @Test
  void tree_hasOneRoot_andTimes() {
    ReceivedSpan root = span("1", "", "web", ReceivedSpan.SERVER, 0, 30);
    ReceivedSpan call = span("2", "1", "web", ReceivedSpan.CLIENT, 5, 25);
    ReceivedSpan far = span("3", "2", "order-service", ReceivedSpan.SERVER, 10, 20);
    TraceTree tree = TraceTree.of(List.of(far, call, root));
    assertThat(tree.roots()).containsExactly(root);
    assertThat(tree.lines()).hasSize(3);
    assertThat(tree.lines().get(0)).startsWith("web serves /a 200").contains("30.0 ms");
    assertThat(tree.lines().get(2)).startsWith("   `- order-service").contains("+10.0 ms");
  }

  private static ReceivedSpan span(
      String id, String parent, String service, int kind, long startMillis, long endMillis) {
    return new ReceivedSpan(
        "t",
        id,
        parent,
        "GET",
        kind,
        service,
        TimeUnit.MILLISECONDS.toNanos(startMillis),
        TimeUnit.MILLISECONDS.toNanos(endMillis),
        Map.of("url.path", "/a", "http.response.status_code", "200"),
        false);
  }

  private static String record(MeshTelemetry telemetry) {
    Span span = telemetry.openTelemetry().getTracer("test").spanBuilder("job").startSpan();
    span.end();
    return span.getSpanContext().getTraceId();
  }
}
