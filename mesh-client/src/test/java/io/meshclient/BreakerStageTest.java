package io.meshclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshclient.istio.ConfigSource;
import io.meshclient.resilience.BreakerSettings;
import io.meshclient.resilience.CircuitBreaker;
import io.meshclient.resilience.CircuitBreaker.State;
import io.meshclient.resilience.CircuitOpenException;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The application's circuit breaker around real calls. */
@Timeout(60)
class BreakerStageTest {
  private static final String RULES =
      """
      apiVersion: networking.istio.io/v1
      kind: VirtualService
      metadata: {name: payment, namespace: default}
      spec:
        hosts: [payment]
        http:
        - match: [{headers: {x-version: {exact: v2}}}]
          route: [{destination: {host: payment, subset: v2}}]
        - route: [{destination: {host: payment, subset: v1}}]
          retries: {attempts: 2, retryOn: 5xx}
      ---
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata: {name: payment, namespace: default}
      spec:
        host: payment
        subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]
      """;
  private static final String NAME = "payment.default.svc.cluster.local/v1";

  private final CountDownLatch blocked = new CountDownLatch(1);
  private volatile int status = 503;
  private TestServer server;

  @BeforeEach
  void start() {
    server = new TestServer(seen -> answer(seen));
  }

  private TestServer.Answer answer(TestServer.Seen seen) {
    if (seen.uri().equals("/blocked")) {
      try {
        blocked.await(60, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return new TestServer.Answer(status, seen.uri().equals("/told") ? "told" : "");
  }

  @AfterEach
  void stop() {
    blocked.countDown();
    server.close();
  }

  private MeshClientBuilder builder() {
    return MeshClient.builder()
        .environment(Map.of())
        .service("order")
        .config(ConfigSource.yaml("rules.yaml", RULES))
        .endpoint("payment", "v1", server.hostPort())
        .endpoint("payment", "v2", server.hostPort());
  }

  private static Request request(String path) {
    return new Request.Builder().url("http://payment" + path).build();
  }

  private static int call(MeshClient mesh) throws IOException {
    try (Response response = mesh.okHttpClient().newCall(request("/")).execute()) {
      return response.code();
    }
  }

  private static CircuitBreaker breaker(MeshClient mesh) {
    return Objects.requireNonNull(mesh.circuitBreakers().find(NAME));
  }

  private static void trip(MeshClient mesh) throws IOException {
    for (int i = 0; i < 3; i++) {
      assertThat(call(mesh)).isEqualTo(503);
    }
  }

  @Test
  void call_after_three_failures_does_not_reach_the_network() throws IOException {
    try (MeshClient mesh = builder().circuitBreaker(BreakerSettings.GUIDE).build()) {
      trip(mesh);
      int before = server.seen.size();

      assertThatThrownBy(() -> call(mesh))
          .isInstanceOf(CircuitOpenException.class)
          .hasMessageContaining(NAME + ": circuit open since ")
          .hasMessageEndingWith("last failure: HTTP 503");

      assertThat(server.seen).hasSize(before);
      assertThat(breaker(mesh).rejections()).isEqualTo(1);
    }
  }

  @Test
  void failure_counts_once_for_a_call_however_often_it_was_tried() throws IOException {
    try (MeshClient mesh = builder().circuitBreaker(BreakerSettings.GUIDE).build()) {
      call(mesh);
      call(mesh);

      assertThat(server.seen).hasSize(6);
      assertThat(breaker(mesh).counts().failures()).isEqualTo(2);
    }
  }

  @Test
  void client_error_is_no_failure() throws IOException {
    status = 404;
    try (MeshClient mesh = builder().circuitBreaker(BreakerSettings.consecutive(1)).build()) {
      call(mesh);
      assertThat(breaker(mesh).state()).isEqualTo(State.CLOSED);
    }
  }

  @Test
  void client_has_no_breaker_unless_asked() throws IOException {
    try (MeshClient mesh = builder().build()) {
      trip(mesh);
      trip(mesh);
      assertThat(mesh.circuitBreakers().all()).isEmpty();
    }
  }

  @Test
  void enqueued_call_hears_of_the_open_circuit() throws Exception {
    try (MeshClient mesh = builder().circuitBreaker(BreakerSettings.GUIDE).build()) {
      trip(mesh);
      CompletableFuture<IOException> heard = new CompletableFuture<>();
      mesh.okHttpClient()
          .newCall(request("/"))
          .enqueue(
              new Callback() {
                @Override
                public void onFailure(Call call, IOException e) {
                  heard.complete(e);
                }

                @Override
                public void onResponse(Call call, Response response) {
                  response.close();
                }
              });

      assertThat(heard.get(30, TimeUnit.SECONDS)).isInstanceOf(CircuitOpenException.class);
    }
  }

  @Test
  void subsets_have_breakers_of_their_own() throws IOException {
    try (MeshClient mesh = builder().circuitBreaker(BreakerSettings.GUIDE).build()) {
      trip(mesh);
      Request toV2 = request("/").newBuilder().header("x-version", "v2").build();
      try (Response response = mesh.okHttpClient().newCall(toV2).execute()) {
        assertThat(response.code()).isEqualTo(503);
      }
      assertThat(mesh.circuitBreakers().all())
          .extracting(CircuitBreaker::name)
          .containsExactlyInAnyOrder(NAME, "payment.default.svc.cluster.local/v2");
    }
  }

  @Test
  void breaker_of_a_host_is_shared_by_its_subsets() throws IOException {
    BreakerOptions byHost = BreakerOptions.forAll(BreakerSettings.GUIDE).key(GuardKey.HOST);
    try (MeshClient mesh = builder().circuitBreakers(byHost).build()) {
      trip(mesh);
      Request toV2 = request("/").newBuilder().header("x-version", "v2").build();

      assertThatThrownBy(() -> mesh.okHttpClient().newCall(toV2).execute())
          .isInstanceOf(CircuitOpenException.class);
    }
  }

  @Test
  void breaker_of_a_route_bears_its_name() throws IOException {
    BreakerOptions byRoute = BreakerOptions.forAll(BreakerSettings.GUIDE).key(GuardKey.ROUTE);
    try (MeshClient mesh = builder().circuitBreakers(byRoute).build()) {
      call(mesh);

      assertThat(mesh.circuitBreakers().all())
          .extracting(CircuitBreaker::name)
          .containsExactly("VirtualService default/payment http[1]");
    }
  }

  @Test
  void host_that_no_rule_knows_has_a_breaker_too() throws IOException {
    try (MeshClient mesh =
        MeshClient.builder()
            .environment(Map.of())
            .circuitBreaker("localhost*", BreakerSettings.consecutive(1))
            .build()) {
      Request plain = new Request.Builder().url("http://" + server.hostPort() + "/").build();
      mesh.okHttpClient().newCall(plain).execute().close();

      assertThatThrownBy(() -> mesh.okHttpClient().newCall(plain).execute())
          .isInstanceOf(CircuitOpenException.class)
          .hasMessageStartingWith(server.hostPort() + ": ");
    }
  }

  @Test
  void fallback_answers_while_the_circuit_is_open() throws IOException {
    BreakerOptions options =
        BreakerOptions.forAll(BreakerSettings.GUIDE)
            .fallback(
                (request, why) ->
                    new Response.Builder()
                        .request(request)
                        .protocol(Protocol.HTTP_1_1)
                        .code(203)
                        .message("")
                        .body(ResponseBody.create(why.host(), null))
                        .build());
    try (MeshClient mesh = builder().circuitBreakers(options).build()) {
      trip(mesh);

      assertThat(call(mesh)).isEqualTo(203);
    }
  }

  @Test
  void cancelled_probe_counts_neither_way() throws Exception {
    AtomicLong later = new AtomicLong();
    BreakerSettings settings = BreakerSettings.GUIDE.openFor(Duration.ofMinutes(1));
    try (MeshClient mesh =
        builder().clock(() -> System.nanoTime() + later.get()).circuitBreaker(settings).build()) {
      trip(mesh);
      later.addAndGet(Duration.ofMinutes(2).toNanos());
      Call probe = mesh.okHttpClient().newCall(request("/blocked"));
      int before = server.seen.size();
      CompletableFuture<Object> ended = new CompletableFuture<>();
      Thread caller = new Thread(() -> ended.complete(failureOf(probe)));
      caller.start();
      await(() -> server.seen.size() > before);

      probe.cancel();

      assertThat(ended.get(30, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
      assertThat(breaker(mesh).state()).isEqualTo(State.HALF_OPEN);
      assertThat(breaker(mesh).probing()).isZero();
    }
  }

  @Test
  void call_that_runs_out_of_its_own_time_is_a_failure() throws IOException {
    try (MeshClient mesh = builder().circuitBreaker(BreakerSettings.consecutive(1)).build()) {
      OkHttpClient hurried =
          mesh.okHttpClient().newBuilder().callTimeout(Duration.ofSeconds(1)).build();

      assertThat(failureOf(hurried.newCall(request("/blocked")))).isInstanceOf(IOException.class);

      assertThat(breaker(mesh).state()).isEqualTo(State.OPEN);
    }
  }

  @Test
  void answer_that_the_failure_test_breaks_on_is_closed() throws IOException {
    BreakerOptions broken =
        BreakerOptions.forAll(BreakerSettings.GUIDE)
            .failures(
                (response, failure) -> {
                  throw new IllegalStateException("no idea");
                });
    try (MeshClient mesh = builder().circuitBreakers(broken).build()) {
      OkHttpClient http = mesh.okHttpClient();

      assertThat(failureOf(http.newCall(request("/told")))).isInstanceOf(MeshCallException.class);

      assertThat(http.connectionPool().idleConnectionCount())
          .isEqualTo(http.connectionPool().connectionCount());
    }
  }

  @Test
  void successful_probe_closes_the_circuit() throws Exception {
    BreakerSettings quick = BreakerSettings.GUIDE.openFor(Duration.ofMillis(1));
    try (MeshClient mesh = builder().circuitBreaker(quick).build()) {
      trip(mesh);
      status = 200;
      await(() -> failureOf(mesh.okHttpClient().newCall(request("/"))) == null);

      assertThat(breaker(mesh).state()).isEqualTo(State.CLOSED);
    }
  }

  @Test
  void settings_change_while_calls_are_made() throws IOException {
    try (MeshClient mesh = builder().build()) {
      call(mesh);
      mesh.circuitBreakers().settings("payment", BreakerSettings.consecutive(5));
      trip(mesh);
      assertThat(breaker(mesh).state()).isEqualTo(State.CLOSED);

      mesh.circuitBreakers().settings("payment", BreakerSettings.consecutive(4));
      call(mesh);

      assertThat(breaker(mesh).state()).isEqualTo(State.OPEN);
    }
  }

  @Test
  void metrics_tell_state_transitions_and_rejections() throws IOException {
    InMemoryMetricReader reader = InMemoryMetricReader.create();
    try (SdkMeterProvider provider =
            SdkMeterProvider.builder().registerMetricReader(reader).build();
        MeshClient mesh =
            builder()
                .openTelemetry(OpenTelemetrySdk.builder().setMeterProvider(provider).build())
                .circuitBreaker(BreakerSettings.GUIDE)
                .build()) {
      trip(mesh);
      assertThatThrownBy(() -> call(mesh)).isInstanceOf(CircuitOpenException.class);

      Map<String, MetricData> metrics =
          reader.collectAllMetrics().stream()
              .collect(java.util.stream.Collectors.toMap(MetricData::getName, data -> data));
      assertThat(sum(metrics, "mesh.breaker.rejections")).isEqualTo(1);
      assertThat(sum(metrics, "mesh.breaker.transitions")).isEqualTo(1);
      assertThat(metrics.get("mesh.breaker.state").getLongGaugeData().getPoints())
          .filteredOn(point -> point.getValue() == 1)
          .singleElement()
          .satisfies(point -> assertThat(point.getAttributes().toString()).contains("OPEN", NAME));
    }
  }

  private static long sum(Map<String, MetricData> metrics, String name) {
    return metrics.get(name).getLongSumData().getPoints().stream()
        .mapToLong(point -> point.getValue())
        .sum();
  }

  private static IOException failureOf(Call call) {
    try (Response response = call.execute()) {
      return null;
    } catch (IOException e) {
      return e;
    }
  }

  private static void await(java.util.function.BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("time for what is awaited").isLessThan(end);
      Thread.onSpinWait();
    }
  }
}
