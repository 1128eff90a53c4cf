package io.meshclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import dev.failsafe.Bulkhead;
import dev.failsafe.BulkheadFullException;
import dev.failsafe.Fallback;
import dev.failsafe.RateLimitExceededException;
import dev.failsafe.RateLimiter;
import dev.failsafe.RetryPolicy;
import dev.failsafe.TimeoutExceededException;
import dev.failsafe.event.ExecutionAttemptedEvent;
import dev.failsafe.function.CheckedFunction;
import io.meshclient.istio.ConfigSource;
import io.meshclient.policy.Cluster;
import io.meshclient.resilience.BreakerSettings;
import io.meshclient.resilience.FailsafePolicies;
import io.meshclient.upstream.Pool;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An application's Failsafe policies around real calls. */
@Timeout(60)
class FailsafeStageTest {
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final Duration LONG = Duration.ofHours(1);
  private static final String BUSY =
      "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\n\r\nbusy";

  /** One connection: whoever keeps a response open keeps others waiting. */
  private static final String RULES =
      """
      apiVersion: networking.istio.io/v1
      kind: VirtualService
      metadata: {name: orders, namespace: default}
      spec:
        hosts: [orders]
        http:
        - route: [{destination: {host: orders}}]
          retries: {attempts: 0}
          headers: {request: {add: {x-added: once}}}
      ---
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata: {name: orders, namespace: default}
      spec:
        host: orders
        trafficPolicy: {connectionPool: {tcp: {maxConnections: 1}}}
      """;

  private final List<AutoCloseable> toClose = new ArrayList<>();
  private final List<Decision> decisions = new CopyOnWriteArrayList<>();
  private final AtomicInteger requests = new AtomicInteger();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable closeable : toClose) {
      closeable.close();
    }
  }

  /** How an application makes a call. */
  enum Way {
    EXECUTE {
      @Override
      CompletableFuture<Response> make(Call call) {
        CompletableFuture<Response> made = new CompletableFuture<>();
        Thread thread =
            new Thread(
                () -> {
                  try {
                    made.complete(call.execute());
                  } catch (IOException e) {
                    made.completeExceptionally(e);
                  }
                });
        thread.setDaemon(true);
        thread.start();
        return made;
      }
    },
    ENQUEUE {
      @Override
      CompletableFuture<Response> make(Call call) {
        CompletableFuture<Response> made = new CompletableFuture<>();
        call.enqueue(
            new Callback() {
              @Override
              public void onResponse(Call call, Response response) {
                made.complete(response);
              }

              @Override
              public void onFailure(Call call, IOException e) {
                made.completeExceptionally(e);
              }
            });
        return made;
      }
    };

    abstract CompletableFuture<Response> make(Call call);
  }

  @ParameterizedTest
  @EnumSource
  void retry_runsTheStagesAnew_andClosesWhatItDiscards(Way way) throws Exception {
    RawServer server = server(e -> e.send(requests.incrementAndGet() < 3 ? BUSY : RawServer.OK));
    List<Integer> active = new ArrayList<>();
    MeshClient[] client = new MeshClient[1];
    RetryPolicy<Response> retries =
        RetryPolicy.<Response>builder()
            .handleResultIf(response -> response.code() == 503)
            .onRetry(event -> active.add(pool(client[0]).active()))
            .build();
    client[0] = mesh(server, FailsafePolicies.of(retries));

    try (Response response = way.make(call(client[0])).get()) {
      assertThat(response.body().string()).isEqualTo("ok");
      assertThat(response.request().url().toString()).isEqualTo("http://orders/");
    }

    assertThat(active).as("requests while waiting to retry").containsExactly(0, 0);
    assertThat(server.requests)
        .allMatch(seen -> seen.headers.stream().filter(h -> h.startsWith("x-added")).count() == 1);
    assertThat(server.connections).as("one connection, which was free again").hasValue(1);
    Decision decision = decisions.get(0);
    assertThat(decision.attempts())
        .extracting(Decision.Attempt::status)
        .containsExactly(503, 503, 200);
    assertThat(decision.flags()).isEmpty();
    assertThat(decisions).hasSize(1);
    Leftovers.none(client[0], client[0].okHttpClient());
  }

  @Test
  void fallback_isHandedOut_andWhatItReplacesIsClosed() throws IOException {
    RawServer server = server(exchange -> exchange.send(BUSY));
    Fallback<Response> fallback = fallback(event -> ownAnswer("from memory"));
    MeshClient mesh = mesh(server, FailsafePolicies.of(fallback));

    try (Response response = call(mesh).execute()) {
      assertThat(response.body().string()).isEqualTo("from memory");
      Leftovers.none(mesh, mesh.okHttpClient());
    }
    assertThat(decisions.get(0).status()).isEqualTo(203);
  }

  @Test
  void fallback_thatChangesTheResponse_handsItsBodyOut() throws IOException {
    RawServer server = server(exchange -> exchange.send(BUSY));
    Fallback<Response> fallback =
        fallback(
            event -> Objects.requireNonNull(event.getLastResult()).newBuilder().code(200).build());
    MeshClient mesh = mesh(server, FailsafePolicies.of(fallback));

    try (Response response = call(mesh).execute()) {
      assertThat(response.code()).isEqualTo(200);
      assertThat(response.body().string()).isEqualTo("busy");
    }
    Leftovers.none(mesh, mesh.okHttpClient());
  }

  @Test
  void fallback_ofNull_isAnError_andNothingStaysOpen() throws IOException {
    RawServer server = server(exchange -> exchange.send(BUSY));
    MeshClient mesh =
        mesh(
            server,
            FailsafePolicies.of(
                Fallback.<Response>builder((Response) null)
                    .handleResultIf(response -> response.code() == 503)
                    .build()));

    assertThatThrownBy(() -> call(mesh).execute())
        .isInstanceOf(MeshCallException.class)
        .hasMessageContaining("expected: a response");
    Leftovers.none(mesh, mesh.okHttpClient());
  }

  @Test
  void fullBulkhead_endsTheCall_withItsExceptionAsCause() throws Exception {
    CountDownLatch free = new CountDownLatch(1);
    RawServer server =
        server(
            exchange -> {
              free.await();
              return exchange.send(RawServer.OK);
            });
    MeshClient mesh = mesh(server, FailsafePolicies.of(Bulkhead.<Response>of(1)));
    CompletableFuture<Response> first = Way.EXECUTE.make(call(mesh));
    server.awaitRequests(1);

    assertThatThrownBy(() -> call(mesh).execute())
        .isInstanceOf(MeshCallException.class)
        .hasCauseInstanceOf(BulkheadFullException.class);
    assertThat(decisions.get(0).attempts()).isEmpty();
    free.countDown();
    first.get().close();
    call(mesh).execute().close();
    assertThat(server.served()).isEqualTo(2);
    Leftovers.none(mesh, mesh.okHttpClient());
  }

  @Test
  void exceededRateLimit_endsTheCall_withItsExceptionAsCause() throws IOException {
    RawServer server = server(exchange -> exchange.send(RawServer.OK));
    MeshClient mesh =
        mesh(server, FailsafePolicies.of(RateLimiter.<Response>burstyBuilder(1, LONG).build()));
    call(mesh).execute().close();

    assertThatThrownBy(() -> call(mesh).execute())
        .isInstanceOf(MeshCallException.class)
        .hasCauseInstanceOf(RateLimitExceededException.class);
    assertThat(server.served()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void timeout_givesTheConnectionUp_onAnyThread(CallerThreads threads) throws Exception {
    RawServer server = server(RawServer.Exchange::silence);
    MeshClient mesh = mesh(server, FailsafePolicies.of(timeout(true)));
    ExecutorService executor = threads.start();
    try {
      executor
          .submit(
              () -> {
                assertThatThrownBy(() -> call(mesh).execute())
                    .isInstanceOf(MeshCallException.class)
                    .hasCauseInstanceOf(TimeoutExceededException.class);
                assertThat(Thread.currentThread().isInterrupted()).isFalse();
              })
          .get();
    } finally {
      executor.shutdown();
    }
    server.awaitClosed();
    Leftovers.none(mesh, mesh.okHttpClient());
  }

  @ParameterizedTest(name = "interrupts: {0}")
  @ValueSource(booleans = {true, false})
  void timeout_endsOneAttempt_andTheNextIsAnswered(boolean interrupts) throws Exception {
    RawServer server =
        server(
            exchange ->
                requests.incrementAndGet() == 1 ? exchange.silence() : exchange.send(RawServer.OK));
    MeshClient mesh =
        mesh(
            server,
            FailsafePolicies.of(
                RetryPolicy.<Response>builder()
                    .handle(TimeoutExceededException.class)
                    .withMaxRetries(20) // on a busy machine, not only the first is late
                    .build(),
                timeout(interrupts)));

    for (Way way : Way.values()) {
      try (Response response = way.make(call(mesh)).get()) {
        assertThat(response.body().string()).isEqualTo("ok");
      }
    }
    assertThat(decisions.get(0).attempts())
        .hasSizeGreaterThan(1)
        .last()
        .extracting(Decision.Attempt::status)
        .isEqualTo(200);
    Leftovers.none(mesh, mesh.okHttpClient());
  }

  @Test
  void timeout_thatEndsAnAttempt_isAFailureToTheBreaker() throws IOException {
    RawServer server = server(RawServer.Exchange::silence);
    MeshClient mesh =
        add(
            builder(server)
                .circuitBreaker(BreakerSettings.consecutive(2))
                .failsafe("orders", FailsafePolicies.of(timeout(true)))
                .build());

    assertThatThrownBy(() -> call(mesh).execute()).isInstanceOf(MeshCallException.class);

    assertThat(mesh.circuitBreakers().all().get(0).counts().failures()).isEqualTo(1);
  }

  @Test
  void timeout_givesUpAStreamOfHttp2() throws Exception {
    WireMockServer server =
        new WireMockServer(
            WireMockConfiguration.wireMockConfig()
                .dynamicPort()
                .bindAddress("127.0.0.1")
                .jettyStopTimeout(0L));
    server.start();
    toClose.add(server::stop);
    server.stubFor(
        WireMock.any(WireMock.anyUrl()).willReturn(WireMock.aResponse().withFixedDelay(20_000)));
    MeshClient mesh =
        add(
            MeshClient.builder()
                .environment(Map.of())
                .config(
                    ConfigSource.yaml(
                        "h2.yaml",
                        RULES.replace(
                            "tcp: {maxConnections: 1}", "http: {h2UpgradePolicy: UPGRADE}")))
                .endpoint("orders", "127.0.0.1:" + server.port())
                .failsafe("orders", FailsafePolicies.of(timeout(true)))
                .build());

    assertThatThrownBy(() -> call(mesh).execute())
        .isInstanceOf(MeshCallException.class)
        .hasCauseInstanceOf(TimeoutExceededException.class);
    Leftovers.none(mesh, mesh.okHttpClient());
  }

  /** What a call waits for when it is cancelled. */
  enum Waiting {
    ANSWER,
    RETRY,
    BULKHEAD,
    FALLBACK
  }

  @ParameterizedTest
  @EnumSource
  void cancel_endsTheCallAtOnce_whateverItWaitsFor(Waiting waiting) throws Exception {
    CountDownLatch there = new CountDownLatch(1);
    RawServer server =
        server(exchange -> waiting == Waiting.ANSWER ? exchange.silence() : exchange.send(BUSY));
    Bulkhead<Response> bulkhead = Bulkhead.<Response>builder(1).withMaxWaitTime(LONG).build();
    FailsafePolicies<Response> policies =
        switch (waiting) {
          case ANSWER ->
              FailsafePolicies.of(RetryPolicy.<Response>builder().withDelay(LONG).build());
          case RETRY ->
              FailsafePolicies.of(
                  RetryPolicy.<Response>builder()
                      .handleResultIf(response -> response.code() == 503)
                      .withDelay(LONG)
                      .onRetryScheduled(event -> there.countDown())
                      .build());
          case BULKHEAD -> {
            bulkhead.acquirePermit();
            yield FailsafePolicies.of(bulkhead);
          }
          case FALLBACK ->
              FailsafePolicies.of(
                  fallback(
                      event -> {
                        there.countDown();
                        new CountDownLatch(1).await();
                        return ownAnswer("never");
                      }));
        };
    MeshClient mesh = mesh(server, policies);
    Call call = call(mesh);
    CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
    CompletableFuture<Throwable> ended = new CompletableFuture<>();
    Thread caller =
        new Thread(
            () -> {
              try {
                call.execute().close();
                ended.complete(new AssertionError("a response (expected: none)"));
              } catch (Throwable e) {
                ended.complete(e);
              }
              interrupted.complete(Thread.interrupted());
            });
    caller.setDaemon(true);
    caller.start();
    switch (waiting) {
      case ANSWER -> server.awaitRequests(1);
      case RETRY, FALLBACK -> there.await();
      case BULKHEAD -> {
        while (caller.getState() != Thread.State.TIMED_WAITING) {
          Thread.onSpinWait();
        }
      }
    }

    call.cancel();

    assertThat(ended.get(30, TimeUnit.SECONDS))
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(MeshCallException.class);
    assertThat(interrupted.get()).as("an interrupt is left behind").isFalse();
    if (waiting == Waiting.ANSWER) {
      server.awaitClosed();
    }
    Leftovers.none(mesh, mesh.okHttpClient());
  }

  @Test
  void callTimeout_coversTheBody() throws IOException {
    RawServer server =
        server(
            exchange -> {
              exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf");
              return exchange.silence();
            });
    MeshClient mesh = mesh(server, FailsafePolicies.of(Bulkhead.<Response>of(1)));
    Call call =
        mesh.okHttpClient()
            .newBuilder()
            .callTimeout(Duration.ofSeconds(2))
            .build()
            .newCall(request());

    try (Response response = call.execute()) {
      assertThatThrownBy(() -> response.body().string()).isInstanceOf(IOException.class);
    }
    Leftovers.none(mesh, mesh.okHttpClient());
  }

  @Test
  void failureOfTheCall_isThrownAsItIs() throws IOException {
    RawServer server = server(exchange -> exchange.send(RawServer.OK));
    MeshClient mesh =
        add(builder(server).failsafe("*", FailsafePolicies.of(Bulkhead.<Response>of(1))).build());
    server.goAway();
    Request elsewhere = new Request.Builder().url("http://" + server.hostPort() + "/").build();

    assertThatThrownBy(() -> mesh.okHttpClient().newCall(elsewhere).execute())
        .isInstanceOf(ConnectException.class);
    Leftovers.none(mesh, mesh.okHttpClient());
  }

  @Test
  void otherDestinations_areNotConcerned() throws IOException {
    RawServer server = server(exchange -> exchange.send(RawServer.OK));
    Bulkhead<Response> full = Bulkhead.of(1);
    assertThat(full.tryAcquirePermit()).isTrue();
    MeshClient mesh = add(builder(server).failsafe("payment", FailsafePolicies.of(full)).build());

    try (Response response = call(mesh).execute()) {
      assertThat(response.code()).isEqualTo(200);
    }
  }

  private static Response ownAnswer(String text) {
    return new Response.Builder()
        .request(request())
        .protocol(Protocol.HTTP_1_1)
        .code(203)
        .message("From memory")
        .body(ResponseBody.create(text, null))
        .build();
  }

  private static Fallback<Response> fallback(
      CheckedFunction<ExecutionAttemptedEvent<? extends Response>, Response> answer) {
    return Fallback.builder(answer).handleResultIf(response -> response.code() == 503).build();
  }

  private static dev.failsafe.Timeout<Response> timeout(boolean interrupts) {
    var timeout = dev.failsafe.Timeout.<Response>builder(SHORT);
    return (interrupts ? timeout.withInterrupt() : timeout).build();
  }

  private RawServer server(RawServer.Handler handler) throws IOException {
    return add(RawServer.start(handler));
  }

  private MeshClientBuilder builder(RawServer server) {
    return MeshClient.builder()
        .environment(Map.of())
        .service("web")
        .config(ConfigSource.yaml("rules.yaml", RULES))
        .endpoint("orders", server.hostPort())
        .onDecision(decisions::add);
  }

  private MeshClient mesh(RawServer server, FailsafePolicies<Response> policies) {
    return add(builder(server).failsafe("orders", policies).build());
  }

  private <T extends AutoCloseable> T add(T closeable) {
    toClose.add(0, closeable);
    return closeable;
  }

  private static Pool pool(MeshClient mesh) {
    Cluster cluster =
        mesh.policy().clusters().stream()
            .filter(c -> c.service().startsWith("orders"))
            .findFirst()
            .orElseThrow();
    return mesh.stages().upstreams().of(cluster).pool();
  }

  private static Request request() {
    return new Request.Builder().url("http://orders/").build();
  }

  private static Call call(MeshClient mesh) {
    return mesh.okHttpClient().newCall(request());
  }
}
