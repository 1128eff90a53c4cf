package io.meshclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshclient.istio.ConfigSource;
import io.meshclient.policy.Cluster;
import io.meshclient.resilience.BreakerSettings;
import io.meshclient.resilience.CircuitBreaker;
import io.meshclient.resilience.Hedging;
import io.meshclient.resilience.RetryBudget;
import io.meshclient.upstream.ClusterState;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import okhttp3.Call;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;
import org.jspecify.annotations.NonNull;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Second tries beside the first, to real servers. */
@Timeout(60)
class HedgeStageTest {
  private static final Hedging SOON = Hedging.after(Duration.ofMillis(30));
  private static final String BUSY =
      "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\n\r\nbusy";

  private final List<AutoCloseable> toClose = new ArrayList<>();
  private final List<Decision> decisions = new CopyOnWriteArrayList<>();
  private final AtomicInteger arrived = new AtomicInteger();
  private final List<RawServer> servers = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable closeable : toClose) {
      closeable.close();
    }
  }

  /** What becomes of a request, by its number in the order of arrival, from 1. */
  private interface Fate {
    boolean of(int number, RawServer.Exchange exchange) throws IOException, InterruptedException;
  }

  private static boolean onlySecond(int number, RawServer.Exchange exchange) throws IOException {
    return number == 2 ? exchange.send(RawServer.OK) : exchange.silence();
  }

  @ParameterizedTest
  @EnumSource
  void secondTry_answers_andTheFirstIsGivenUp_onAnyThread(CallerThreads threads) throws Exception {
    MeshClient mesh = mesh(2, HedgeStageTest::onlySecond, SOON, "");
    ExecutorService executor = threads.start();
    try {
      executor
          .submit(
              () -> {
                try (Response response = call(mesh, "GET").execute()) {
                  assertThat(response.body().string()).isEqualTo("ok");
                }
                return null;
              })
          .get();
    } finally {
      executor.shutdown();
    }

    Decision decision = decisions.get(0);
    assertThat(decisions).hasSize(1);
    assertThat(decision.status()).isEqualTo(200);
    assertThat(decision.attempts())
        .extracting(Decision.Attempt::outcome)
        // Under load, the second may be the first to arrive.
        .containsExactlyInAnyOrder("overtaken by another try", "answered");
    assertThat(endpoints(decision)).as("different endpoints").hasSize(2);
    for (RawServer server : servers) {
      assertThat(server.served()).isEqualTo(1);
    }
    await(() -> servers.stream().mapToInt(RawServer::open).sum() == 1);
    assertNothingLeft(mesh);
  }

  @Test
  void firstAnswer_withinTheDelay_isTheOnlyTry() throws IOException {
    MeshClient mesh =
        mesh(2, (number, e) -> e.send(RawServer.OK), Hedging.after(Duration.ofMinutes(1)), "");

    try (Response response = call(mesh, "GET").execute()) {
      assertThat(response.code()).isEqualTo(200);
    }

    assertThat(decisions.get(0).attempts()).hasSize(1);
    assertNothingLeft(mesh);
  }

  @Test
  void slowBody_isNoReasonForAHedge() throws Exception {
    CountDownLatch hedged = new CountDownLatch(1);
    AtomicInteger tries = new AtomicInteger();
    MeshClient mesh =
        add(
            builder(
                    1,
                    (number, e) -> {
                      if (e.line.startsWith("GET /slow")) {
                        tries.incrementAndGet();
                        e.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nha");
                        hedged.await();
                        return e.send("lf");
                      }
                      return hedge(e, hedged);
                    },
                    "")
                .hedging("*", Hedging.after(Duration.ofSeconds(2)))
                .build());

    try (Response slow = http(mesh).newCall(request("GET", "/slow")).execute()) {
      signal(mesh);
      assertThat(slow.body().string()).isEqualTo("half");
    }
    assertThat(tries).hasValue(1);
  }

  /** Silent to the first of a pair of requests; the second tells that there is one. */
  private boolean hedge(RawServer.Exchange exchange, CountDownLatch hedged) throws IOException {
    if (arrived.incrementAndGet() == 1) {
      return exchange.silence();
    }
    hedged.countDown();
    return exchange.send(RawServer.OK);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "GET, true",
    "HEAD, true",
    "OPTIONS, true",
    "PUT, true",
    "DELETE, true",
    "POST, false",
    "PATCH, false"
  })
  void method_decidesWhetherThereIsAHedge(String method, boolean hedged) throws Exception {
    assertHedged(request(method, "/tried"), SOON, "", hedged);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "a rule without retries | retries: {attempts: 0}              | false",
        "a rule with retries    | retries: {attempts: 1, retryOn: 5xx} | true",
      })
  void rule_mayForbidHedges(String name, String rule, boolean hedged) throws Exception {
    assertHedged(request("GET", "/tried"), SOON, rule, hedged);
  }

  @Test
  void request_mayForbidHedges() throws Exception {
    Request request =
        request("GET", "/tried").newBuilder().tag(Hedging.class, Hedging.NONE).build();
    assertHedged(request, SOON, "", false);
  }

  @Test
  void bodyThatIsSentOnce_forbidsHedges() throws Exception {
    RequestBody once =
        new RequestBody() {
          @Override
          public MediaType contentType() {
            return MediaType.get("text/plain");
          }

          @Override
          public long contentLength() {
            return 4;
          }

          @Override
          public boolean isOneShot() {
            return true;
          }

          @Override
          public void writeTo(@NonNull BufferedSink sink) throws IOException {
            sink.writeUtf8("once");
          }
        };
    Request request = request("GET", "/tried").newBuilder().put(once).build();
    assertHedged(request, SOON, "", false);
  }

  /** A call to another destination, whose hedge tells that the delay is over. */
  private static void signal(MeshClient mesh) throws IOException {
    http(mesh)
        .newCall(new Request.Builder().url("http://signals/signal").build())
        .execute()
        .close();
  }

  private void assertHedged(Request request, Hedging hedging, String rule, boolean hedged)
      throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    AtomicInteger tries = new AtomicInteger();
    MeshClient mesh =
        mesh(
            2,
            (number, e) -> {
              if (e.line.contains("/signal")) {
                return hedge(e, over);
              }
              if (tries.incrementAndGet() == 2) {
                return e.send(RawServer.OK.replace("ok", e.line.startsWith("HEAD") ? "" : "ok"));
              }
              over.await();
              return hedged ? e.silence() : e.send(RawServer.OK);
            },
            hedging,
            rule);
    CompletableFuture<Response> first =
        FailsafeStageTest.Way.EXECUTE.make(http(mesh).newCall(request));
    await(() -> tries.get() >= 1);
    signal(mesh);
    first.get(30, TimeUnit.SECONDS).close();

    assertThat(tries).hasValue(hedged ? 2 : 1);
    assertNothingLeft(mesh);
  }

  @Test
  void bothTries_sendTheSameBody() throws IOException {
    MeshClient mesh = mesh(2, HedgeStageTest::onlySecond, SOON, "");
    Request request =
        request("GET", "/").newBuilder().put(RequestBody.create("content", null)).build();

    http(mesh).newCall(request).execute().close();

    assertThat(servers).allMatch(server -> server.requests.get(0).body.equals("content"));
  }

  @Test
  void spentBudget_allowsNoHedge() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    MeshClient mesh =
        add(
            builder(
                    2,
                    (number, e) -> {
                      if (e.line.contains("/signal")) {
                        return hedge(e, over);
                      }
                      if (e.line.contains("/first")) {
                        return onlySecond(number, e);
                      }
                      over.await();
                      return e.send(RawServer.OK);
                    },
                    "")
                .hedging("*", SOON)
                .retryBudget(new RetryBudget.Settings(0, 0, 1))
                .build());
    http(mesh).newCall(request("GET", "/first")).execute().close();

    CompletableFuture<Response> second =
        FailsafeStageTest.Way.EXECUTE.make(http(mesh).newCall(request("GET", "/second")));
    await(() -> servers.stream().mapToInt(RawServer::served).sum() == 3);
    signal(mesh);
    second.get().close();

    assertThat(decisions)
        .extracting(decision -> decision.path() + " " + decision.attempts().size())
        .containsExactlyInAnyOrder("/first 2", "/second 1", "/signal 2");
    assertNothingLeft(mesh);
  }

  @ParameterizedTest
  @EnumSource
  void cancel_endsBothTries(FailsafeStageTest.Way way) throws Exception {
    CountDownLatch both = new CountDownLatch(2);
    MeshClient mesh =
        mesh(
            2,
            (number, e) -> {
              both.countDown();
              return e.silence();
            },
            SOON,
            "");
    Call call = call(mesh, "GET");
    CompletableFuture<Response> made = way.make(call);
    both.await();

    call.cancel();

    assertThatThrownBy(() -> made.get(30, TimeUnit.SECONDS)).hasCauseInstanceOf(IOException.class);
    for (RawServer server : servers) {
      server.awaitClosed();
    }
    assertNothingLeft(mesh);
  }

  @Test
  void cancel_freesTheAnswerThatWon() throws Exception {
    MeshClient mesh =
        mesh(
            2,
            (number, e) -> {
              if (number == 2) {
                e.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf");
              }
              return e.silence();
            },
            SOON,
            "");
    Call call = call(mesh, "GET");
    Response response = call.execute();

    call.cancel();

    assertThatThrownBy(() -> response.body().string()).isInstanceOf(IOException.class);
    for (RawServer server : servers) {
      server.awaitClosed();
    }
    response.close();
    assertNothingLeft(mesh);
  }

  @Test
  void badFirstAnswer_losesToAGoodSecond() throws Exception {
    CountDownLatch second = new CountDownLatch(1);
    CountDownLatch bad = new CountDownLatch(1);
    MeshClient mesh =
        mesh(
            2,
            (number, e) -> {
              if (number == 1) {
                second.await();
                e.send(BUSY);
                bad.countDown();
                return true;
              }
              second.countDown();
              bad.await();
              return e.send(RawServer.OK);
            },
            SOON,
            "");

    try (Response response = call(mesh, "GET").execute()) {
      assertThat(response.body().string()).isEqualTo("ok");
    }
    assertThat(decisions.get(0).attempts()).hasSize(2);
    assertNothingLeft(mesh);
  }

  @Test
  void badAnswersOnly_theLastOneCounts_andRetriesGoOn() throws Exception {
    CountDownLatch second = new CountDownLatch(1);
    MeshClient mesh =
        mesh(
            2,
            (number, e) -> {
              if (number == 1) {
                second.await();
              }
              if (number == 2) {
                second.countDown();
              }
              return e.send(number < 3 ? BUSY : RawServer.OK);
            },
            SOON,
            "retries: {attempts: 1, retryOn: 5xx}");

    try (Response response = call(mesh, "GET").execute()) {
      assertThat(response.code()).isEqualTo(200);
    }
    assertThat(decisions.get(0).attempts())
        .extracting(Decision.Attempt::status)
        .containsExactly(503, 503, 200);
    assertNothingLeft(mesh);
  }

  @Test
  void timeOfTheRule_endsAllTries() throws Exception {
    MeshClient mesh = mesh(2, (number, e) -> e.silence(), SOON, "timeout: 3s");

    try (Response response = call(mesh, "GET").execute()) {
      assertThat(response.code()).isEqualTo(504);
    }
    assertThat(decisions.get(0).attempts())
        .extracting(Decision.Attempt::outcome)
        .containsExactly("timeout", "timeout");
    for (RawServer server : servers) {
      server.awaitClosed();
    }
    assertNothingLeft(mesh);
  }

  @Test
  void timeOfATry_holdsForEach() throws Exception {
    MeshClient mesh =
        mesh(
            2,
            (number, e) -> number == 3 ? e.send(RawServer.OK) : e.silence(),
            SOON,
            "retries: {attempts: 1, perTryTimeout: 3s, retryOn: reset}");

    try (Response response = call(mesh, "GET").execute()) {
      assertThat(response.code()).isEqualTo(200);
    }
    assertThat(decisions.get(0).attempts())
        .extracting(Decision.Attempt::outcome)
        .containsExactly("timeout", "timeout", "answered");
    assertNothingLeft(mesh);
  }

  @Test
  void severalHedges_goOutOneAfterAnother() throws Exception {
    MeshClient mesh =
        mesh(
            3,
            (number, e) -> number == 3 ? e.send(RawServer.OK) : e.silence(),
            Hedging.after(Duration.ofMillis(300)).extraTries(2),
            "");

    call(mesh, "GET").execute().close();

    assertThat(decisions.get(0).attempts()).hasSize(3);
    assertThat(endpoints(decisions.get(0))).hasSize(3);
    assertNothingLeft(mesh);
  }

  @Test
  void breaker_countsTheCallOnce() throws Exception {
    MeshClient mesh =
        add(
            builder(2, HedgeStageTest::onlySecond, "")
                .hedging("orders", SOON)
                .circuitBreaker(BreakerSettings.overCalls(10, 10, 50))
                .build());

    call(mesh, "GET").execute().close();

    CircuitBreaker breaker = mesh.circuitBreakers().all().get(0);
    assertThat(breaker.counts().calls()).isEqualTo(1);
    assertThat(breaker.counts().failures()).isZero();
  }

  @Test
  void exceptedDestination_hasNoHedges() throws Exception {
    MeshClient mesh =
        add(
            builder(2, (number, e) -> e.send(RawServer.OK), "")
                .hedging("*", SOON)
                .hedging("orders", Hedging.NONE)
                .build());

    call(mesh, "GET").execute().close();

    assertThat(decisions.get(0).attempts()).hasSize(1);
  }

  private static Set<String> endpoints(Decision decision) {
    Set<String> endpoints = new HashSet<>();
    decision.attempts().forEach(attempt -> endpoints.add(attempt.endpoint()));
    return endpoints;
  }

  private void assertNothingLeft(MeshClient mesh) {
    await(() -> isIdle(mesh)); // what was overtaken ends by itself, on its own thread
    Leftovers.none(mesh, mesh.okHttpClient());
  }

  private static boolean isIdle(MeshClient mesh) {
    for (Cluster cluster : mesh.policy().clusters()) {
      ClusterState state = mesh.stages().upstreams().of(cluster);
      if (state.pool().active() + state.pool().pending() + state.pool().retries() > 0) {
        return false;
      }
    }
    var pool = mesh.okHttpClient().connectionPool();
    return pool.connectionCount() == pool.idleConnectionCount();
  }

  private static void await(BooleanSupplier condition) {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!condition.getAsBoolean() && System.nanoTime() - until < 0) {
      LockSupport.parkNanos(1_000_000);
    }
    assertThat(condition.getAsBoolean()).isTrue();
  }

  private MeshClientBuilder builder(int count, Fate fate, String rule) throws IOException {
    AtomicInteger numbers = new AtomicInteger();
    MeshClientBuilder builder =
        MeshClient.builder()
            .environment(Map.of())
            .service("web")
            .config(ConfigSource.yaml("rules.yaml", rules(rule)))
            .onDecision(decisions::add);
    for (int i = 0; i < count; i++) {
      RawServer server =
          add(RawServer.start(exchange -> fate.of(numbers.incrementAndGet(), exchange)));
      servers.add(server);
      builder.endpoint("orders", server.hostPort()).endpoint("signals", server.hostPort());
    }
    return builder;
  }

  private MeshClient mesh(int count, Fate fate, Hedging hedging, String rule) throws IOException {
    return add(
        builder(count, fate, rule).hedging("orders", hedging).hedging("signals", SOON).build());
  }

  private static String rules(String rule) {
    return """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: orders, namespace: default}
        spec:
          hosts: [orders]
          http:
          - route: [{destination: {host: orders}}]
        """
        + (rule.isEmpty() ? "" : "    " + rule + "\n");
  }

  private <T extends AutoCloseable> T add(T closeable) {
    toClose.add(0, closeable);
    return closeable;
  }

  private static okhttp3.OkHttpClient http(MeshClient mesh) {
    return mesh.okHttpClient();
  }

  private static Request request(String method, String path) {
    boolean body = method.equals("PUT") || method.equals("POST") || method.equals("PATCH");
    return new Request.Builder()
        .url("http://orders" + path)
        .method(method, body ? RequestBody.create("content", null) : null)
        .build();
  }

  private static Call call(MeshClient mesh, String method) {
    return http(mesh).newCall(request(method, "/"));
  }
}
