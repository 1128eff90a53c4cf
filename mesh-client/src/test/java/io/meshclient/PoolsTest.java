package io.meshclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshclient.TestServer.Answer;
import io.meshclient.istio.ConfigSource;
import io.meshclient.policy.Cluster;
import io.meshclient.upstream.ClusterState;
import io.meshclient.upstream.EndpointState;
import io.meshclient.upstream.Pool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import okhttp3.Call;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;
import org.jspecify.annotations.NonNull;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class PoolsTest {
  private static final String LONG_BODY = "x".repeat(100_000);

  private final List<AutoCloseable> toClose = new ArrayList<>();
  private final List<Decision> decisions = new CopyOnWriteArrayList<>();
  private final CountDownLatch opened = new CountDownLatch(1);
  @TempDir Path directory;

  private final TestServer server = add(new TestServer(this::answer));

  @AfterEach
  void close() throws Exception {
    opened.countDown();
    for (AutoCloseable closeable : toClose) {
      closeable.close();
    }
  }

  @Test
  void overflow_isAnsweredAsByEnvoy_andNotRetried() throws IOException {
    MeshClient mesh =
        mesh("connectionPool: {tcp: {maxConnections: 1}, http: {http1MaxPendingRequests: 1}}");
    Call waiting = call(mesh, "/x");
    try (Response first = call(mesh, "/long").execute()) {
      CompletableFuture<String> second = later(waiting);
      await(() -> pool(mesh).pending() == 1);
      try (Response third = call(mesh, "/x").execute()) {
        assertThat(third.code()).isEqualTo(503);
        assertThat(third.header("x-envoy-overloaded")).isEqualTo("true");
        assertThat(third.body().string())
            .isEqualTo(
                "upstream connect error or disconnect/reset before headers. reset reason:"
                    + " overflow");
      }
      Decision decision = decisions.get(decisions.size() - 1);
      assertThat(decision.flags()).isEqualTo("UO");
      assertThat(decision.attempts())
          .extracting(Decision.Attempt::outcome)
          .containsExactly("overflow");
      assertThat(second).isNotDone();
      assertThat(first.body().string()).isEqualTo(LONG_BODY);
      assertThat(second.join()).isEqualTo("ok");
    }
    assertIdle(mesh);
  }

  @Test
  void place_isFreeWhenTheBodyIsClosed_readOrNot() throws IOException {
    MeshClient mesh = mesh("connectionPool: {tcp: {maxConnections: 1}}");
    Response unread = call(mesh, "/long").execute();
    assertThat(pool(mesh).active()).isEqualTo(1);
    assertThat(mesh.stages().upstreams().of(cluster(mesh)).endpoints().get(0).active())
        .isEqualTo(1);
    unread.close();
    assertIdle(mesh);
    try (Response response = call(mesh, "/none").execute()) {
      assertThat(response.code()).isEqualTo(204);
      assertIdle(mesh);
    }
  }

  @Test
  void cancel_endsWaitingAtOnce_andFreesThePlaceOfAnOpenBody() throws Exception {
    MeshClient mesh = mesh("connectionPool: {tcp: {maxConnections: 1}}");
    Call holding = call(mesh, "/long");
    Response open = holding.execute();
    Call waiting = call(mesh, "/x");
    CompletableFuture<String> waited = later(waiting);
    await(() -> pool(mesh).pending() == 1);
    waiting.cancel();
    assertThatThrownBy(() -> waited.get(30, TimeUnit.SECONDS)).hasRootCauseMessage("Canceled");
    assertThat(pool(mesh).pending()).isZero();
    holding.cancel();
    assertIdle(mesh);
    open.close();
    assertIdle(mesh);
  }

  @Test
  void routesTime_boundsTheWaiting() throws IOException {
    MeshClient mesh = mesh("connectionPool: {tcp: {maxConnections: 1}}");
    try (Response open = call(mesh, "/long").execute();
        Response late = call(mesh, "/timed").execute()) {
      assertThat(open.code()).isEqualTo(200);
      assertThat(late.code()).isEqualTo(504);
      assertThat(pool(mesh).pending()).isZero();
    }
    assertIdle(mesh);
  }

  @Test
  void retriesBeyondTheLimit_passTheFailureOn() throws Exception {
    MeshClient mesh = mesh("connectionPool: {http: {maxRetries: 1}}");
    CompletableFuture<String> retried = later(call(mesh, "/once-then-wait"));
    await(() -> pool(mesh).retries() == 1);
    try (Response response = call(mesh, "/fail").execute()) {
      assertThat(response.code()).isEqualTo(500);
    }
    Decision decision = decisions.get(decisions.size() - 1);
    assertThat(decision.flags()).isEqualTo("UO");
    assertThat(decision.attempts()).hasSize(1);
    opened.countDown();
    assertThat(retried.get(30, TimeUnit.SECONDS)).isEqualTo("ok");
    assertIdle(mesh);
  }

  @Test
  void connection_carriesNoMoreRequestsThanAllowed() throws IOException {
    MeshClient mesh = mesh("connectionPool: {http: {maxRequestsPerConnection: 2}}");
    for (int i = 0; i < 6; i++) {
      Request post = request("/x").post(oneShot("body " + i)).build();
      try (Response response = mesh.okHttpClient().newCall(post).execute()) {
        assertThat(response.body().string()).isEqualTo("ok");
      }
    }
    List<Integer> ports = server.seen.stream().map(TestServer.Seen::clientPort).toList();
    assertThat(ports).hasSize(6);
    assertThat(ports.get(0)).isEqualTo(ports.get(1)).isNotEqualTo(ports.get(2));
    assertThat(ports.stream().distinct()).hasSize(3);
    assertThat(server.seen)
        .allMatch(seen -> !"close".equals(seen.headers().getFirst("Connection")));
    assertThat(mesh.okHttpClient().connectionPool().idleConnectionCount()).isLessThanOrEqualTo(1);
  }

  @Test
  void limitedConnections_failNobodyUnderLoad() throws Exception {
    MeshClient mesh =
        mesh("connectionPool: {http: {maxRequestsPerConnection: 3, idleTimeout: 1ms}}");
    inParallel(
        16,
        i -> {
          for (int j = 0; j < 50; j++) {
            try (Response response = call(mesh, "/x").execute()) {
              assertThat(response.body().string()).isEqualTo("ok");
            }
          }
        });
    Map<Integer, Long> uses =
        server.seen.stream()
            .collect(
                java.util.stream.Collectors.groupingBy(
                    TestServer.Seen::clientPort, java.util.stream.Collectors.counting()));
    // A port number may come again for a later connection.
    assertThat(uses.values().stream().filter(count -> count > 3).count()).isLessThan(5);
    assertThat(decisions)
        .extracting(Decision::attempts)
        .filteredOn(attempts -> attempts.size() > 1)
        .isEmpty();
    assertIdle(mesh);
  }

  @Test
  void idleConnection_isNotUsedAgain() throws IOException {
    MeshClient mesh = mesh("connectionPool: {tcp: {idleTimeout: 1ms, tcpKeepalive: {time: 60s}}}");
    for (int i = 0; i < 3; i++) {
      try (Response response = call(mesh, "/x").execute()) {
        assertThat(response.body().string()).isEqualTo("ok");
      }
      long since = System.nanoTime();
      await(() -> System.nanoTime() - since > Duration.ofMillis(5).toNanos());
    }
    assertThat(server.seen.stream().map(TestServer.Seen::clientPort).distinct()).hasSize(3);
  }

  @Test
  void everyTry_countsForEjection_whichOutlivesAReload() throws Exception {
    String rule = "outlierDetection: {consecutive5xxErrors: 3, maxEjectionPercent: 100}";
    Path file = directory.resolve("rules.yaml");
    Files.writeString(file, rules(rule));
    MeshClient mesh = build(ConfigSource.path(file));
    try (Response response = call(mesh, "/fail").execute()) {
      assertThat(response.code()).as("two retries made it three tries").isEqualTo(500);
    }
    assertOut(mesh);
    Files.writeString(file, rules(rule.replace("3,", "4,")));
    await(() -> cluster(mesh).settings().ejection().consecutive5xx() == 4);
    assertOut(mesh);
    ClusterState state = mesh.stages().upstreams().of(cluster(mesh));
    assertThat(state.ejected()).isEqualTo(1);
    assertThat(state.endpoints()).allMatch(EndpointState::isEjected);
  }

  @Test
  void bodyThatBreaksOff_countsAsAFailure() throws IOException {
    MeshClient mesh = mesh("outlierDetection: {consecutive5xxErrors: 1, maxEjectionPercent: 100}");
    try (Response response = call(mesh, "/cut").execute()) {
      assertThat(response.code()).isEqualTo(200);
      assertThatThrownBy(() -> response.body().string()).isInstanceOf(IOException.class);
    }
    assertOut(mesh);
  }

  @Test
  void afterAMixOfOutcomes_allPlacesAreFree() throws Exception {
    MeshClient mesh =
        mesh(
            "connectionPool: {tcp: {maxConnections: 5},"
                + " http: {http1MaxPendingRequests: 10, maxRetries: 2}}");
    OkHttpClient faulty =
        mesh.okHttpClient()
            .newBuilder()
            .addInterceptor(
                chain -> {
                  if (chain.request().url().encodedPath().equals("/error")) {
                    throw new AssertionError("thrown on purpose");
                  }
                  return chain.proceed(chain.request());
                })
            .build();
    List<String> paths =
        List.of("/x", "/x", "/long", "/fail", "/reset", "/cut", "/error", "/none", "/timed");
    AtomicInteger ended = new AtomicInteger();
    inParallel(
        50,
        i -> {
          ThreadLocalRandom random = ThreadLocalRandom.current();
          for (int j = 0; j < 20; j++) {
            String path = paths.get(random.nextInt(paths.size()));
            Call call = faulty.newCall(request(path).build());
            call.timeout().timeout(random.nextInt(20) + 1, TimeUnit.MILLISECONDS);
            mistreat(call, random.nextInt(4));
            ended.incrementAndGet();
          }
        });
    assertThat(ended).hasValue(1000);
    await(
        () ->
            pool(mesh).active() == 0
                && pool(mesh).pending() == 0
                && pool(mesh).retries() == 0
                && mesh.stages().upstreams().of(cluster(mesh)).endpoints().stream()
                    .allMatch(endpoint -> endpoint.active() == 0));
    assertIdle(mesh);
    try (Response response = call(mesh, "/x").execute()) {
      assertThat(response.body().string()).isEqualTo("ok");
    }
  }

  private static void mistreat(Call call, int how) {
    try (Response response = call.execute()) {
      if (how == 0) {
        response.body().string();
      } else if (how == 1) {
        call.cancel();
        response.body().source().readByte();
      } else if (how == 2) {
        response.body().source().readByte();
      }
    } catch (IOException | AssertionError e) {
      // What comes of it is not the question.
    }
  }

  private Answer answer(TestServer.Seen seen) {
    return switch (seen.uri()) {
      case "/long" -> Answer.ok(LONG_BODY);
      case "/none" -> new Answer(204, "");
      case "/fail" -> new Answer(500, "failed");
      case "/reset" -> throw new IllegalStateException("closes the connection");
      case "/cut" -> new Answer(200, "short", TestServer.CUT, "true");
      case "/once-then-wait" -> {
        if (server.seen.size() == 1) {
          yield new Answer(500, "");
        }
        awaitOpened();
        yield Answer.ok("ok");
      }
      default -> Answer.ok("ok");
    };
  }

  private void awaitOpened() {
    try {
      assertThat(opened.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void assertOut(MeshClient mesh) throws IOException {
    int before = server.seen.size();
    try (Response response = call(mesh, "/x").execute()) {
      assertThat(response.code()).isEqualTo(503);
      assertThat(response.body().string()).isEqualTo("no healthy upstream");
    }
    assertThat(server.seen).hasSize(before);
    assertThat(decisions.get(decisions.size() - 1).flags()).isEqualTo("UH");
  }

  private static void assertIdle(MeshClient mesh) {
    assertThat(pool(mesh).active()).isZero();
    assertThat(pool(mesh).pending()).isZero();
    assertThat(pool(mesh).retries()).isZero();
    assertThat(mesh.stages().upstreams().of(cluster(mesh)).endpoints())
        .allMatch(e -> e.active() == 0);
  }

  private static Pool pool(MeshClient mesh) {
    return mesh.stages().upstreams().of(cluster(mesh)).pool();
  }

  private static Cluster cluster(MeshClient mesh) {
    return mesh.policy().clusters().iterator().next();
  }

  private MeshClient mesh(String trafficPolicy) {
    return build(ConfigSource.yaml("rules.yaml", rules(trafficPolicy)));
  }

  private MeshClient build(ConfigSource rules) {
    return add(
        MeshClient.builder()
            .environment(Map.of())
            .service("web")
            .namespace("production")
            .endpoint("orders", server.hostPort())
            .config(rules)
            .onDecision(decisions::add)
            .build());
  }

  private static String rules(String trafficPolicy) {
    return """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: orders}
        spec:
          hosts: [orders]
          http:
          - match: [{uri: {prefix: /timed}}]
            timeout: 100ms
            route: [{destination: {host: orders}}]
          - retries: {attempts: 2, retryOn: '5xx,reset'}
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
  }

  private static RequestBody oneShot(String text) {
    return new RequestBody() {
      @Override
      public MediaType contentType() {
        return MediaType.get("text/plain");
      }

      @Override
      public boolean isOneShot() {
        return true;
      }

      @Override
      public void writeTo(@NonNull BufferedSink sink) throws IOException {
        sink.writeUtf8(text);
      }
    };
  }

  private static Request.Builder request(String path) {
    return new Request.Builder().url("http://orders:8080" + path);
  }

  private static Call call(MeshClient mesh, String path) {
    return mesh.okHttpClient().newCall(request(path).build());
  }

  private static CompletableFuture<String> later(Call call) {
    return CompletableFuture.supplyAsync(
        () -> {
          try (Response response = call.execute()) {
            return response.body().string();
          } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        },
        runnable -> new Thread(runnable).start());
  }

  private interface Work {
    void run(int index) throws Exception;
  }

  private static void inParallel(int threads, Work work) throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      List<Future<?>> done = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        int index = i;
        done.add(
            executor.submit(
                () -> {
                  work.run(index);
                  return null;
                }));
      }
      for (Future<?> future : done) {
        future.get(100, TimeUnit.SECONDS);
      }
    } finally {
      executor.shutdownNow();
    }
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  private static void await(Condition condition) {
    long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    try {
      while (!condition.holds()) {
        assertThat(System.nanoTime()).as("in time").isLessThan(until);
        LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
      }
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private <T extends AutoCloseable> T add(T closeable) {
    toClose.add(closeable);
    return closeable;
  }
}
