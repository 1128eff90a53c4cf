package io.meshclient.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.ContextPropagators;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RequestMetricsTest {
  private final MeshTelemetry telemetry =
      MeshTelemetry.builder().environment(Map.of()).service("web").build();
  private final RequestTelemetry requests =
      RequestTelemetry.create(
          telemetry.openTelemetry(),
          ContextPropagators.noop(),
          Peer.NOBODY,
          () -> TelemetryPolicy.NONE);

  @AfterEach
  void close() {
    requests.close();
    telemetry.close();
  }

  @Test
  void request_isCountedWithIstiosLabels() {
    requests.count(FakeFacts.get("/a", 503).withFlags("UF"), Context.root(), true);
    requests.count(FakeFacts.get("/b", 503).withFlags("UF"), Context.root(), true);
    assertThat(telemetry.prometheus().lines().filter(line -> line.startsWith("istio_requests")))
        .containsExactly(
            "istio_requests_total{connection_security_policy=\"unknown\","
                + "destination_app=\"orders\",destination_canonical_revision=\"v2\","
                + "destination_canonical_service=\"orders\",destination_cluster=\"Kubernetes\","
                + "destination_principal=\"unknown\","
                + "destination_service=\"orders.production.svc.cluster.local\","
                + "destination_service_name=\"orders\","
                + "destination_service_namespace=\"production\",destination_version=\"v2\","
                + "destination_workload=\"orders-v2\","
                + "destination_workload_namespace=\"production\",grpc_response_status=\"\","
                + "reporter=\"source\",request_protocol=\"http\",response_code=\"503\","
                + "response_flags=\"UF\",source_app=\"web\",source_canonical_revision=\"v1\","
                + "source_canonical_service=\"web\",source_cluster=\"Kubernetes\","
                + "source_principal=\"unknown\",source_version=\"v1\","
                + "source_workload=\"web-v1\",source_workload_namespace=\"production\"} 2");
  }

  @Test
  void durations_haveBuckets_inTheirUnits() {
    requests.count(FakeFacts.get("/a", 200), Context.root(), true);
    requests.count(FakeFacts.get("/a", 200).asServer(), Context.root(), true);
    String text = telemetry.prometheus();
    assertThat(text)
        .contains("# TYPE istio_request_duration_milliseconds histogram")
        .contains("# TYPE http_client_request_duration_seconds histogram")
        .contains("# TYPE http_server_request_duration_seconds histogram");
    assertThat(text.lines())
        .anyMatch(
            line ->
                line.startsWith("http_client_request_duration_seconds_bucket{")
                    && line.contains("le=\"0.005\"")
                    && line.endsWith(" 0"))
        .anyMatch(
            line ->
                line.startsWith("istio_request_duration_milliseconds_bucket{")
                    && line.contains("le=\"25\"")
                    && line.contains("reporter=\"source\"")
                    && line.endsWith(" 1"))
        .anyMatch(line -> line.startsWith("istio_response_bytes_sum{") && line.endsWith(" 42"));
  }

  @Test
  void paths_areNoLabels() {
    for (int i = 0; i < 1000; i++) {
      requests.count(FakeFacts.get("/orders/" + i, 200), Context.root(), true);
    }
    assertThat(
            telemetry
                .prometheus()
                .lines()
                .filter(line -> line.startsWith("http_client_request_duration_seconds_count")))
        .hasSize(1);
  }

  @Test
  void conventions_ofAnotherInstrumentation_areLeftToIt() {
    requests.count(FakeFacts.get("/a", 200), Context.root(), false);
    assertThat(telemetry.prometheus())
        .doesNotContain("http_client_request_duration")
        .contains("istio_requests_total");
  }
}
