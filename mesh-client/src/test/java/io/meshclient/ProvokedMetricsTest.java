package io.meshclient;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.identity.TestAuthority;
import io.meshclient.identity.TestIdentity;
import io.meshclient.istio.ConfigSource;
import io.meshclient.telemetry.MeshTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.PointData;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The metrics of docs/telemetry.md by name, unit, labels and value, each of them provoked. */
@Timeout(60)
class ProvokedMetricsTest {
  private static final String RULES =
      """
      apiVersion: networking.istio.io/v1
      kind: VirtualService
      metadata: {name: orders}
      spec:
        hosts: [orders]
        http:
        - match: [{uri: {prefix: /fault}}]
          fault: {abort: {httpStatus: 418, percentage: {value: 100}}}
          route: [{destination: {host: orders}}]
        - route: [{destination: {host: orders}}]
          mirror: {host: shadow}
          retries: {attempts: 2, retryOn: 5xx}
      ---
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata: {name: orders}
      spec:
        host: orders
        trafficPolicy:
          connectionPool: {tcp: {maxConnections: 1}}
          outlierDetection: {consecutive5xxErrors: 3, maxEjectionPercent: 100}
      """;
  private static final String CLUSTER = "outbound|*||orders.default.svc.cluster.local";
  private static final String SERVICE = "orders.default.svc.cluster.local";

  private final CountDownLatch answering = new CountDownLatch(1);
  private final InMemoryMetricReader reader = InMemoryMetricReader.create();
  private final SdkMeterProvider provider =
      SdkMeterProvider.builder().registerMetricReader(reader).build();
  private final TestServer server = new TestServer(this::answer);
  private final MeshClient mesh =
      MeshClient.builder()
          .environment(Map.of())
          .service("web")
          .config(ConfigSource.yaml("rules.yaml", RULES))
          .endpoint("orders", server.hostPort())
          .endpoint("shadow", server.hostPort())
          .openTelemetry(OpenTelemetrySdk.builder().setMeterProvider(provider).build())
          .identity(
              new TestIdentity(
                  new TestAuthority("cluster.local")
                      .identity("spiffe://cluster.local/ns/default/sa/web", Duration.ofHours(1))))
          .build();

  @AfterEach
  void close() {
    answering.countDown();
    mesh.close();
    provider.close();
    server.close();
  }

  private TestServer.Answer answer(TestServer.Seen seen) {
    if (seen.uri().equals("/slow")) {
      try {
        answering.await(60, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return new TestServer.Answer(seen.uri().equals("/fail") ? 500 : 200, "answered");
  }

  @Test
  void callsThatAreRetried_andBodiesThatAreSentOnce() throws IOException {
    assertThat(send("/once", new Once())).isEqualTo(200);
    assertThat(send("/fail", RequestBody.create("abc", null))).isEqualTo(500);

    assertThat(value("mesh.client.retries", "{try}", Map.of("mesh.service", SERVICE))).isEqualTo(2);
    assertThat(value("mesh.mirror.dropped", "{request}", Map.of())).isEqualTo(1);
    assertThat(value("mesh.cluster.ejected", "{endpoint}", Map.of("mesh.cluster", CLUSTER)))
        .isEqualTo(1);
    MetricData bytes = metric("istio_request_bytes", "By");
    assertThat(bytes.getHistogramData().getPoints())
        .filteredOn(point -> label(point, "response_code").equals("500"))
        .singleElement()
        .satisfies(ProvokedMetricsTest::isOfThreeBytes);
  }

  private static void isOfThreeBytes(HistogramPointData point) {
    assertThat(point.getSum()).isEqualTo(3);
    assertThat(point.getCount()).isEqualTo(1);
    assertThat(label(point, "reporter")).isEqualTo("source");
    assertThat(label(point, "source_app")).isEqualTo("web");
    assertThat(label(point, "destination_service")).isEqualTo(SERVICE);
    assertThat(label(point, "request_protocol")).isEqualTo("http");
  }

  @Test
  void faults_byTheirFlags() throws IOException {
    assertThat(send("/fault", null)).isEqualTo(418);
    assertThat(
            value(
                "mesh.client.faults",
                "{call}",
                Map.of("mesh.service", SERVICE, "mesh.flags", "FI")))
        .isEqualTo(1);
  }

  @Test
  void pools_underWayAndWaiting() {
    Map<String, String> labels = Map.of("mesh.cluster", CLUSTER);
    assertThat(value("mesh.cluster.active", "{request}", labels)).isZero();
    start("/slow");
    start("/slow");
    await("mesh.cluster.pending", labels);
    assertThat(value("mesh.cluster.active", "{request}", labels)).isEqualTo(1);
    assertThat(value("mesh.cluster.pending", "{request}", labels)).isEqualTo(1);
    assertThat(value("mesh.cluster.ejected", "{endpoint}", labels)).isZero();
  }

  @Test
  void identity_bySecondsThatItHolds() {
    MetricData life = metric("mesh.identity.expires_in", "s");
    assertThat(life.getDoubleGaugeData().getPoints())
        .singleElement()
        .satisfies(point -> assertThat(point.getValue()).isBetween(3500.0, 3600.0))
        .satisfies(point -> assertThat(point.getAttributes().isEmpty()).isTrue());
  }

  @ParameterizedTest(name = "telemetry {0}, client {1}, environment {2}")
  @CsvSource({"web, , , web", "web, shop, , shop", "web, , cart, cart", ", shop, , shop"})
  void service_ofTheTelemetry_isTheClients_ifItHasNone(
      String ofTelemetry, String ofClient, String ofEnvironment, String expected)
      throws IOException {
    Map<String, String> variables =
        ofEnvironment == null ? Map.of() : Map.of("OTEL_SERVICE_NAME", ofEnvironment);
    MeshTelemetry.Builder telemetry = MeshTelemetry.builder().environment(variables);
    MeshClientBuilder client = MeshClient.builder().environment(Map.of());
    if (ofTelemetry != null) {
      telemetry.service(ofTelemetry);
    }
    if (ofClient != null) {
      client.service(ofClient);
    }
    try (MeshTelemetry own = telemetry.build();
        MeshClient named = client.telemetry(own).endpoint("orders", server.hostPort()).build()) {
      named.okHttpClient().newCall(request("/", null)).execute().close();
      assertThat(own.prometheus().lines().filter(line -> line.startsWith("istio_requests_total")))
          .singleElement()
          .asString()
          .contains("source_app=\"" + expected + "\"")
          .contains("destination_service=\"" + SERVICE + "\"");
    }
  }

  private static Request request(String path, RequestBody body) {
    Request.Builder request = new Request.Builder().url("http://orders" + path);
    return (body == null ? request : request.post(body)).build();
  }

  private int send(String path, RequestBody body) throws IOException {
    try (Response response = mesh.okHttpClient().newCall(request(path, body)).execute()) {
      response.body().string();
      return response.code();
    }
  }

  private void start(String path) {
    mesh.okHttpClient()
        .newCall(request(path, null))
        .enqueue(
            new Callback() {
              @Override
              public void onFailure(Call call, IOException e) {}

              @Override
              public void onResponse(Call call, Response response) {
                response.close();
              }
            });
  }

  private void await(String name, Map<String, String> labels) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (value(name, "{request}", labels) == 0) {
      assertThat(System.nanoTime() - end).as("nanoseconds over time").isNegative();
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  private MetricData metric(String name, String unit) {
    MetricData found =
        reader.collectAllMetrics().stream()
            .filter(metric -> metric.getName().equals(name))
            .findAny()
            .orElseThrow(() -> new AssertionError(name));
    assertThat(found.getUnit()).isEqualTo(unit);
    return found;
  }

  /** Of the one point that has exactly these labels. */
  private long value(String name, String unit, Map<String, String> labels) {
    MetricData found = metric(name, unit);
    var points =
        found.getLongGaugeData().getPoints().isEmpty()
            ? found.getLongSumData().getPoints()
            : found.getLongGaugeData().getPoints();
    var with = points.stream().filter(point -> labels(point).equals(labels)).toList();
    assertThat(with).as(name + " of " + points).hasSize(1);
    return with.get(0).getValue();
  }

  private static Map<String, String> labels(PointData point) {
    Map<String, String> labels = new TreeMap<>();
    point.getAttributes().forEach((key, value) -> labels.put(key.getKey(), value.toString()));
    return labels;
  }

  private static String label(PointData point, String name) {
    return String.valueOf(point.getAttributes().get(AttributeKey.stringKey(name)));
  }

  /** A body that no copy can be sent of. */
  private static final class Once extends RequestBody {
    @Override
    public okhttp3.MediaType contentType() {
      return null;
    }

    @Override
    public boolean isOneShot() {
      return true;
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
      sink.writeUtf8("once");
    }
  }
}
