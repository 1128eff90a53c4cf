package io.meshclient;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.extension.ResponseTransformerV2;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.matching.RequestPatternBuilder;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import io.meshclient.istio.ConfigSource;
import io.meshclient.policy.Cluster;
import io.meshclient.upstream.ClusterState;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.EventListener;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Plain requests to a server that speaks HTTP/2 without TLS. */
@Timeout(120)
class PlainHttp2Test {
  private static final String UPGRADE = "connectionPool: {http: {h2UpgradePolicy: UPGRADE}}";
  private static final int LONG_MILLIS = 60_000;

  private final List<AutoCloseable> toClose = new ArrayList<>();
  private final List<Decision> decisions = new CopyOnWriteArrayList<>();
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private final Gate gate = new Gate();
  private final WireMockServer server =
      new WireMockServer(
          wireMockConfig()
              .dynamicPort()
              .bindAddress("127.0.0.1")
              .jettyStopTimeout(0L)
              .extensions(gate));

  PlainHttp2Test() {
    server.start();
    answer("/x", aResponse().withBody("ok"));
    answer("/slow", aResponse().withBody("slow").withTransformers(gate.getName()));
  }

  /** Keeps answers back until it is opened. */
  private static final class Gate implements ResponseTransformerV2 {
    final CountDownLatch opened = new CountDownLatch(1);

    @Override
    public com.github.tomakehurst.wiremock.http.Response transform(
        com.github.tomakehurst.wiremock.http.Response response, ServeEvent event) {
      try {
        opened.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return response;
    }

    @Override
    public boolean applyGlobally() {
      return false;
    }

    @Override
    public String getName() {
      return "gate";
    }
  }

  @AfterEach
  void close() throws Exception {
    gate.opened.countDown();
    for (AutoCloseable closeable : toClose) {
      closeable.close();
    }
    server.stop();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "nobody asks       | {}                                                 | HTTP/1.1",
        "the rule asks     | {http: {h2UpgradePolicy: UPGRADE}}                 | HTTP/2.0",
        "the client's own  | {http: {h2UpgradePolicy: UPGRADE, useClientProtocol: true}} | HTTP/1.1",
      })
  void protocol_isTheRules(String name, String pool, String protocol) throws IOException {
    MeshClient mesh = mesh("connectionPool: " + pool);
    try (Response response = mesh.okHttpClient().newCall(request("/x")).execute()) {
      assertThat(response.body().string()).isEqualTo("ok");
      assertThat(response.request().url().toString()).isEqualTo("http://orders:8080/x");
    }
    LoggedRequest seen = server.findAll(anyRequest()).get(0);
    assertThat(seen.getProtocol()).isEqualTo(protocol);
    assertThat(seen.getHeader("x-set")).isEqualTo("by-rule");
    assertThat(seen.getHost()).isEqualTo("orders");
    assertThat(decisions.get(0).attempts())
        .extracting(Decision.Attempt::protocol)
        .containsExactly(protocol.replace(".0", ""));
  }

  @Test
  void upgradeToAnotherProtocol_staysWithTheClientsOwn() throws IOException {
    Request request = request("/x").newBuilder().header("Upgrade", "other").build();
    try (Response response = client(mesh(UPGRADE)).newCall(request).execute()) {
      assertThat(response.protocol()).isEqualTo(Protocol.HTTP_1_1);
    }
  }

  @Test
  void whatTheApplicationAddsLater_holds() throws IOException {
    Heard heard = new Heard();
    MeshClient mesh = mesh(UPGRADE);
    OkHttpClient client =
        mesh.instrument(new OkHttpClient.Builder().eventListener(heard))
            .build()
            .newBuilder()
            .addInterceptor(
                chain ->
                    chain.proceed(
                        chain.request().newBuilder().header("authorization", "later").build()))
            .addNetworkInterceptor(
                chain ->
                    chain.proceed(chain.request().newBuilder().header("x-network", "too").build()))
            .build();
    toClose.add(() -> client.connectionPool().evictAll());
    Call call =
        client.newCall(
            request("/x")
                .newBuilder()
                .post(RequestBody.create("body", MediaType.get("text/plain")))
                .build());
    try (Response response = call.execute()) {
      assertThat(response.protocol()).isEqualTo(Protocol.H2_PRIOR_KNOWLEDGE);
      assertThat(response.body().string()).isEqualTo("ok");
    }
    LoggedRequest seen = server.findAll(anyRequest()).get(0);
    assertThat(seen.getHeader("authorization")).isEqualTo("later");
    assertThat(seen.getHeader("x-network")).isEqualTo("too");
    assertThat(seen.getBodyAsString()).isEqualTo("body");
    assertThat(heard.calls).containsOnly(call);
    assertThat(heard.events)
        .containsSubsequence("start", "acquired", "request", "response")
        .containsOnlyOnce("start", "end");
  }

  @Test
  void cancel_endsTheSecondCall() {
    MeshClient mesh = mesh(UPGRADE);
    Call call = client(mesh).newCall(request("/slow"));
    CompletableFuture<Response> answer = later(call);
    await(() -> state(mesh).pool().active() == 1 && !connections.isEmpty());
    call.cancel();
    assertThatThrownBy(() -> answer.get(30, TimeUnit.SECONDS))
        .hasRootCauseInstanceOf(IOException.class);
    assertThat(call.isCanceled()).isTrue();
    assertThat(state(mesh).pool().active()).isZero();
  }

  @Test
  void callTimeout_coversTheBody() throws IOException {
    answer(
        "/dribble", aResponse().withBody("x".repeat(40)).withChunkedDribbleDelay(40, LONG_MILLIS));
    OkHttpClient client =
        client(mesh(UPGRADE)).newBuilder().callTimeout(Duration.ofSeconds(4)).build();
    try (Response response = client.newCall(request("/dribble")).execute()) {
      assertThatThrownBy(() -> response.body().string()).isInstanceOf(InterruptedIOException.class);
    }
  }

  @Test
  void tryThatIsLate_endsAlone_andOthersOnItsConnectionDoNot() throws Exception {
    answer("/timed", aResponse().withFixedDelay(LONG_MILLIS));
    OkHttpClient client = client(mesh(UPGRADE));
    CompletableFuture<Response> other = later(client.newCall(request("/slow")));
    await(() -> connections.size() == 1);
    try (Response late = client.newCall(request("/timed")).execute()) {
      assertThat(late.code()).isEqualTo(504);
    }
    gate.opened.countDown();
    assertThat(other.get(30, TimeUnit.SECONDS).body().string()).isEqualTo("slow");
    assertThat(connections).hasSize(1);
  }

  @Test
  void answers_areRetried_andCountForEjection() throws IOException {
    answer("/fail", aResponse().withStatus(503));
    MeshClient mesh =
        mesh(
            UPGRADE + "\n    outlierDetection: {consecutive5xxErrors: 3, maxEjectionPercent: 100}");
    try (Response response = client(mesh).newCall(request("/fail")).execute()) {
      assertThat(response.code()).isEqualTo(503);
    }
    assertThat(decisions.get(0).attempts()).hasSize(3);
    assertThat(state(mesh).ejected()).isEqualTo(1);
  }

  @ParameterizedTest(name = "grpc-status {0} of {1}: ejected {2}")
  @CsvSource({
    "14, application/grpc,       1",
    "13, application/grpc+proto, 1",
    "5,  application/grpc,       0",
    "0,  application/grpc,       0",
    "99, application/grpc,       1",
    "14, application/json,       0",
  })
  void grpcStatus_countsForEjection(String status, String type, int ejected) throws IOException {
    answer("/grpc", aResponse().withHeader("grpc-status", status));
    MeshClient mesh =
        mesh(
            UPGRADE + "\n    outlierDetection: {consecutive5xxErrors: 1, maxEjectionPercent: 100}");
    Request request =
        request("/grpc")
            .newBuilder()
            .post(RequestBody.create(new byte[0], MediaType.get(type)))
            .build();
    try (Response response = client(mesh).newCall(request).execute()) {
      assertThat(response.code()).isEqualTo(200);
    }
    assertThat(state(mesh).ejected()).isEqualTo(ejected);
  }

  @Test
  void brokenConnection_isAReset() throws IOException {
    answer("/broken", aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER));
    try (Response response = client(mesh(UPGRADE)).newCall(request("/broken")).execute()) {
      assertThat(response.code()).isEqualTo(503);
      assertThat(response.body().string()).contains("connection termination");
    }
  }

  @Test
  void connection_carriesManyAtOnce_whateverMaxConnectionsSays() throws Exception {
    MeshClient mesh =
        mesh("connectionPool: {tcp: {maxConnections: 1}, http: {h2UpgradePolicy: UPGRADE}}");
    OkHttpClient client = client(mesh);
    CompletableFuture<Response> first = later(client.newCall(request("/slow")));
    CompletableFuture<Response> second = later(client.newCall(request("/slow")));
    await(() -> state(mesh).pool().active() == 2);
    gate.opened.countDown();
    assertThat(first.get(30, TimeUnit.SECONDS).body().string()).isEqualTo("slow");
    assertThat(second.get(30, TimeUnit.SECONDS).body().string()).isEqualTo("slow");
    assertThat(state(mesh).pool().active()).isZero();
  }

  @Test
  void requestsBeyondTheLimit_overflow() throws Exception {
    MeshClient mesh =
        mesh("connectionPool: {http: {h2UpgradePolicy: UPGRADE, http2MaxRequests: 1}}");
    OkHttpClient client = client(mesh);
    CompletableFuture<Response> first = later(client.newCall(request("/slow")));
    await(() -> state(mesh).pool().active() == 1);
    try (Response over = client.newCall(request("/x")).execute()) {
      assertThat(over.code()).isEqualTo(503);
      assertThat(over.header("x-envoy-overloaded")).isEqualTo("true");
    }
    gate.opened.countDown();
    assertThat(first.get(30, TimeUnit.SECONDS).body().string()).isEqualTo("slow");
  }

  @Test
  void connection_carriesNoMoreRequestsThanAllowed() throws IOException {
    OkHttpClient client =
        client(
            mesh(
                "connectionPool: {http: {h2UpgradePolicy: UPGRADE, maxRequestsPerConnection: 2}}"));
    for (int i = 0; i < 5; i++) {
      try (Response response = client.newCall(request("/x")).execute()) {
        assertThat(response.body().string()).isEqualTo("ok");
      }
    }
    assertThat(connections).hasSize(3);
  }

  @Test
  void retiringConnection_leavesTheStreamsOnIt() throws Exception {
    MeshClient mesh =
        mesh("connectionPool: {http: {h2UpgradePolicy: UPGRADE, maxRequestsPerConnection: 1}}");
    OkHttpClient client = client(mesh);
    CompletableFuture<Response> slow = later(client.newCall(request("/slow")));
    await(() -> connections.size() == 1);
    try (Response response = client.newCall(request("/x")).execute()) {
      assertThat(response.body().string()).isEqualTo("ok");
    }
    gate.opened.countDown();
    assertThat(slow.get(30, TimeUnit.SECONDS).body().string()).isEqualTo("slow");
    try (Response response = client.newCall(request("/x")).execute()) {
      assertThat(response.body().string()).isEqualTo("ok");
    }
    assertThat(connections).hasSize(2);
  }

  @Test
  void mirror_isSentByHttp2Too() throws IOException {
    MeshClient mesh = mesh(UPGRADE);
    try (Response response = client(mesh).newCall(request("/mirrored")).execute()) {
      assertThat(response.code()).isEqualTo(404);
    }
    await(() -> server.findAll(anyRequest()).size() == 2);
    assertThat(server.findAll(anyRequest()))
        .extracting(LoggedRequest::getProtocol)
        .containsExactly("HTTP/2.0", "HTTP/2.0");
  }

  /** What a listener hears, and of which calls. */
  private static final class Heard extends EventListener {
    final List<String> events = new CopyOnWriteArrayList<>();
    final Set<Call> calls = ConcurrentHashMap.newKeySet();

    private void hear(Call call, String event) {
      calls.add(call);
      events.add(event);
    }

    @Override
    public void callStart(Call call) {
      hear(call, "start");
    }

    @Override
    public void connectionAcquired(Call call, Connection connection) {
      hear(call, "acquired");
    }

    @Override
    public void requestHeadersEnd(Call call, Request request) {
      hear(call, "request");
    }

    @Override
    public void responseHeadersEnd(Call call, Response response) {
      hear(call, "response");
    }

    @Override
    public void callEnd(Call call) {
      hear(call, "end");
    }
  }

  private static RequestPatternBuilder anyRequest() {
    return RequestPatternBuilder.allRequests();
  }

  private void answer(String path, ResponseDefinitionBuilder response) {
    server.stubFor(any(urlEqualTo(path)).willReturn(response));
  }

  private OkHttpClient client(MeshClient mesh) {
    return mesh.okHttpClient()
        .newBuilder()
        .addNetworkInterceptor(
            chain -> {
              connections.add(java.util.Objects.requireNonNull(chain.connection()));
              return chain.proceed(chain.request());
            })
        .build();
  }

  private MeshClient mesh(String trafficPolicy) {
    String rules =
        """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: orders}
        spec:
          hosts: [orders]
          http:
          - match: [{uri: {prefix: /timed}}]
            timeout: 200ms
            route: [{destination: {host: orders}}]
          - match: [{uri: {prefix: /mirrored}}]
            mirror: {host: orders}
            route: [{destination: {host: orders}}]
          - headers: {request: {set: {x-set: by-rule}}}
            retries: {attempts: 2, retryOn: 5xx}
            route: [{destination: {host: orders}}]
        ---
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: {name: orders}
        spec:
          host: orders
          trafficPolicy:
            POLICY
        """
            .replace("POLICY", trafficPolicy);
    MeshClient mesh =
        MeshClient.builder()
            .environment(Map.of())
            .service("web")
            .namespace("production")
            .endpoint("orders", "127.0.0.1:" + server.port())
            .config(ConfigSource.yaml("rules.yaml", rules))
            .onDecision(decisions::add)
            .build();
    toClose.add(mesh);
    return mesh;
  }

  private static ClusterState state(MeshClient mesh) {
    Cluster cluster = mesh.policy().clusters().iterator().next();
    return mesh.stages().upstreams().of(cluster);
  }

  private static Request request(String path) {
    return new Request.Builder().url("http://orders:8080" + path).build();
  }

  private static CompletableFuture<Response> later(Call call) {
    CompletableFuture<Response> answer = new CompletableFuture<>();
    new Thread(
            () -> {
              try {
                answer.complete(call.execute());
              } catch (IOException e) {
                answer.completeExceptionally(e);
              }
            })
        .start();
    return answer;
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - end).as("waited for 30 s").isNegative();
      LockSupport.parkNanos(1_000_000);
    }
  }
}
