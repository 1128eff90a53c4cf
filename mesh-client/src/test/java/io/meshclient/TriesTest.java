package io.meshclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshclient.context.MeshDeadline;
import io.meshclient.istio.ConfigSource;
import io.opentelemetry.context.Scope;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import okhttp3.Call;
import okhttp3.EventListener;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What tries do with servers that misbehave, byte by byte. */
@Timeout(60)
class TriesTest {
  private static final String BUSY =
      "HTTP/1.1 503 Busy\r\nRetry-After: 0\r\nContent-Length: 4\r\n\r\nbusy";

  private final List<AutoCloseable> toClose = new ArrayList<>();
  private final List<Decision> decisions = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable closeable : toClose) {
      closeable.close();
    }
  }

  private RawServer server(RawServer.Handler handler) throws IOException {
    RawServer server = RawServer.start(handler);
    toClose.add(server);
    return server;
  }

  private MeshClientBuilder builder(RawServer server, String rule) {
    String yaml =
        """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: orders}
        spec:
          hosts: [orders]
          http:
          - route: [{destination: {host: orders}}]
            %s
        """
            .formatted(rule);
    return MeshClient.builder()
        .environment(Map.of())
        .service("web")
        .config(ConfigSource.yaml("rules.yaml", yaml))
        .endpoint("orders", server.hostPort())
        .onDecision(decisions::add);
  }

  private OkHttpClient client(RawServer server, String rule) {
    return client(builder(server, rule));
  }

  private OkHttpClient client(MeshClientBuilder builder) {
    MeshClient mesh = builder.build();
    toClose.add(mesh);
    return mesh.okHttpClient();
  }

  private static Request.Builder request() {
    return new Request.Builder().url("http://orders/x");
  }

  private static long millis(ThrowingRunnable work) throws Exception {
    long start = System.nanoTime();
    work.run();
    return Duration.ofNanos(System.nanoTime() - start).toMillis();
  }

  private interface ThrowingRunnable {
    void run() throws Exception;
  }

  @Test
  void retryAfter_ofZero_isTheApplicationsToHeed() throws Exception {
    RawServer server = server(e -> e.send(BUSY));
    OkHttpClient http = client(server, "retries: {attempts: 0}");
    try (Response response = http.newCall(request().build()).execute()) {
      assertThat(response.code()).isEqualTo(503);
      assertThat(response.header("Retry-After")).isEqualTo("0");
    }
    assertThat(server.requests).hasSize(1);
  }

  @Test
  void requestTimeout_ofTheServer_isNotRepeatedUnasked() throws Exception {
    RawServer server = server(e -> e.send("HTTP/1.1 408 Late\r\nContent-Length: 0\r\n\r\n"));
    OkHttpClient http = client(server, "retries: {attempts: 0}");
    http.newCall(request().build()).execute().close();
    assertThat(server.requests).hasSize(1);
  }

  @Test
  void rateLimited_isRetriedUnderItsOwnNameAlone() throws Exception {
    String limited = "HTTP/1.1 503 Busy\r\nx-envoy-ratelimited: true\r\nContent-Length: 0\r\n\r\n";
    RawServer server = server(e -> e.send(limited));
    client(server, "retries: {attempts: 2, retryOn: 5xx, backoff: 1ms}")
        .newCall(request().build())
        .execute()
        .close();
    assertThat(server.requests).hasSize(1);
    client(server, "retries: {attempts: 2, retryOn: envoy-ratelimited, backoff: 1ms}")
        .newCall(request().build())
        .execute()
        .close();
    assertThat(server.requests).hasSize(4);
  }

  @Test
  void headersThatSteerAnEnvoy_haveNoEffectAndDoNotGoOn() throws Exception {
    RawServer server = server(e -> e.send(BUSY));
    Request request =
        request()
            .header("x-envoy-max-retries", "5")
            .header("X-Envoy-Retry-On", "5xx")
            .header("x-envoy-upstream-rq-timeout-ms", "1")
            .header("x-envoy-decorator-operation", "mine")
            .build();
    client(server, "retries: {attempts: 0}").newCall(request).execute().close();
    assertThat(server.requests).hasSize(1);
    assertThat(server.requests.get(0).header("x-envoy-max-retries")).isNull();
    assertThat(server.requests.get(0).header("x-envoy-retry-on")).isNull();
    assertThat(server.requests.get(0).header("x-envoy-decorator-operation")).isEqualTo("mine");
  }

  @Test
  void backOff_whenTheCallIsCancelled_endsAtOnceAndHoldsNoResponse() throws Exception {
    RawServer server = server(e -> e.send(BUSY));
    MeshClient mesh = builder(server, "retries: {attempts: 9, retryOn: 5xx, backoff: 60s}").build();
    toClose.add(mesh);
    CountDownLatch ended = new CountDownLatch(1);
    EventListener listener =
        new EventListener() {
          @Override
          public void responseBodyEnd(Call call, long byteCount) {
            ended.countDown();
          }
        };
    OkHttpClient http = mesh.instrument(new OkHttpClient.Builder().eventListener(listener)).build();
    Call call = http.newCall(request().build());
    CompletableFuture<Boolean> cancelled =
        CompletableFuture.supplyAsync(
            () -> {
              boolean endedBefore = awaits(() -> ended.await(30, TimeUnit.SECONDS));
              call.cancel();
              return endedBefore;
            });
    long took = millis(() -> assertThatThrownBy(call::execute).isInstanceOf(IOException.class));
    assertThat(took).as("of a back-off of a minute").isLessThan(40_000);
    assertThat(cancelled.get()).as("the response was over during the back-off").isTrue();
    http.connectionPool().evictAll();
  }

  @Test
  void attempt_whenTheCallIsCancelled_endsAtOnce() throws Exception {
    RawServer server = server(RawServer.Exchange::silence);
    Call call = client(server, "retries: {attempts: 9, retryOn: 5xx}").newCall(request().build());
    CompletableFuture<Boolean> cancelled =
        CompletableFuture.supplyAsync(
            () -> {
              boolean arrived =
                  awaits(
                      () -> {
                        server.awaitRequests(1);
                        return true;
                      });
              call.cancel();
              return arrived;
            });
    long took = millis(() -> assertThatThrownBy(call::execute).isInstanceOf(IOException.class));
    assertThat(took).as("of a silence of a minute").isLessThan(40_000);
    assertThat(cancelled.get()).isTrue();
    assertThat(server.requests).hasSize(1);
  }

  private static boolean awaits(Callable<Boolean> event) {
    try {
      return event.call();
    } catch (Exception e) {
      throw new CompletionException(e);
    }
  }

  @Test
  void perTryTimeout_isExactWhereHeadersTrickle() throws Exception {
    RawServer server = server(e -> e.trickle("HTTP/1.1 200 OK\r\nx-a: " + "a".repeat(5_000), 20));
    OkHttpClient http =
        client(server, "retries: {attempts: 1, retryOn: 5xx, perTryTimeout: 0.3s, backoff: 1ms}");
    long took =
        millis(
            () -> {
              try (Response response = http.newCall(request().build()).execute()) {
                assertThat(response.code()).isEqualTo(504);
                assertThat(response.body().string()).isEqualTo("upstream request timeout");
              }
            });
    assertThat(took).as("of a head that takes 100 s").isBetween(590L, 30_000L);
    assertThat(decisions.get(0).attempts())
        .extracting(Decision.Attempt::outcome)
        .containsExactly("timeout", "timeout");
    assertThat(http.connectionPool().connectionCount()).isZero();
  }

  @Test
  void perTryTimeout_isExactWhereTheTlsHandshakeTrickles() throws Exception {
    java.net.ServerSocket listener =
        new java.net.ServerSocket(0, 50, java.net.InetAddress.getLoopbackAddress());
    toClose.add(listener);
    Thread trickler =
        new Thread(
            () -> {
              try (java.net.Socket socket = listener.accept()) {
                // The head of a long handshake record, whose bytes come one by one.
                socket.getOutputStream().write(new byte[] {22, 3, 3, 32, 0});
                for (int i = 0; i < 8_000; i++) {
                  socket.getOutputStream().write(2);
                  if (RawServer.isGone(socket, 20)) {
                    return;
                  }
                }
              } catch (IOException e) {
                // The client went.
              }
            });
    trickler.setDaemon(true);
    trickler.start();
    OkHttpClient http =
        client(
            MeshClient.builder()
                .environment(Map.of())
                .config(
                    ConfigSource.yaml(
                        "rules.yaml",
                        """
                        apiVersion: networking.istio.io/v1
                        kind: VirtualService
                        metadata: {name: orders}
                        spec:
                          hosts: [orders]
                          http:
                          - route: [{destination: {host: orders}}]
                            timeout: 0.3s
                        """))
                .endpoint("orders", "127.0.0.1:" + listener.getLocalPort()));
    Request request = request().url("https://orders/x").build();
    long took =
        millis(
            () -> {
              try (Response response = http.newCall(request).execute()) {
                assertThat(response.code()).isEqualTo(504);
              }
            });
    assertThat(took).as("of a handshake that takes 160 s").isBetween(290L, 30_000L);
  }

  @Test
  void timeout_coversTheBody() throws Exception {
    RawServer server =
        server(
            e -> {
              e.send("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n");
              return e.trickle("x".repeat(5_000), 20);
            });
    OkHttpClient http = client(server, "timeout: 2s");
    long took =
        millis(
            () -> {
              try (Response response = http.newCall(request().build()).execute()) {
                assertThat(response.code()).isEqualTo(200);
                assertThatThrownBy(() -> response.body().string()).isInstanceOf(IOException.class);
              }
            });
    assertThat(took).as("of a body that takes 100 s").isBetween(1_990L, 30_000L);
  }

  @Test
  void times_leaveConnectionsInThePool() throws Exception {
    RawServer server = server(e -> e.send(RawServer.OK));
    OkHttpClient http = client(server, "timeout: 60s");
    for (int i = 0; i < 5; i++) {
      try (Response response = http.newCall(request().build()).execute()) {
        assertThat(response.body().string()).isEqualTo("ok");
      }
    }
    assertThat(server.connections).hasValue(1);
  }

  @Test
  void idleConnection_thatTheServerClosed_isNobodysError() throws Exception {
    RawServer server =
        server(
            e -> {
              e.send(RawServer.OK);
              return false;
            });
    AtomicLong later = new AtomicLong();
    OkHttpClient http =
        client(
            builder(server, "retries: {attempts: 0}").clock(() -> System.nanoTime() + later.get()));
    for (int i = 0; i < 10; i++) {
      Request.Builder request = request();
      if (i % 2 == 1) {
        request.post(RequestBody.create("abc", null));
      }
      try (Response response = http.newCall(request.build()).execute()) {
        assertThat(response.code()).isEqualTo(200);
        response.body().string();
      }
      server.awaitClosed();
      later.addAndGet(TimeUnit.MILLISECONDS.toNanos(60));
    }
    assertThat(server.requests).hasSize(10);
    assertThat(decisions)
        .flatExtracting(Decision::attempts)
        .extracting(Decision.Attempt::outcome)
        .containsOnly("answered")
        .hasSize(10);
  }

  @Test
  void connection_thatIsResetAfterTheRequest_isNotRepeatedUnasked() throws Exception {
    AtomicInteger count = new AtomicInteger();
    RawServer server = server(e -> count.incrementAndGet() == 1 && e.send(RawServer.OK));
    OkHttpClient http = client(server, "retries: {attempts: 0}");
    for (int status : new int[] {200, 503}) {
      try (Response response = http.newCall(request().build()).execute()) {
        assertThat(response.code()).isEqualTo(status);
        response.body().string();
      }
    }
    assertThat(server.requests).hasSize(2);
    assertThat(decisions.get(1).flags()).isEqualTo("UC");
  }

  @Test
  void deadline_ofTheCaller_shortensTheRoutesTime() throws Exception {
    RawServer server = server(RawServer.Exchange::silence);
    OkHttpClient http = client(server, "timeout: 50s");
    long took =
        millis(
            () -> {
              try (Scope scope = MeshDeadline.after(Duration.ofMillis(300)).makeCurrent();
                  Response response = http.newCall(request().build()).execute()) {
                assertThat(response.code()).isEqualTo(504);
              }
            });
    assertThat(took).as("of a route's 50 s").isBetween(290L, 30_000L);
    assertThat(decisions.get(0).flags()).isEqualTo("UT");
  }

  @Test
  void deadline_ofTheCaller_neverLengthens() throws Exception {
    RawServer server = server(RawServer.Exchange::silence);
    OkHttpClient http = client(server, "timeout: 0.3s");
    long took =
        millis(
            () -> {
              try (Scope scope = MeshDeadline.after(Duration.ofSeconds(50)).makeCurrent();
                  Response response = http.newCall(request().build()).execute()) {
                assertThat(response.code()).isEqualTo(504);
              }
            });
    assertThat(took).as("of a caller's 50 s").isBetween(290L, 30_000L);
  }

  @Test
  void deadline_thatHasPassed_triesNothing() throws Exception {
    RawServer server = server(e -> e.send(RawServer.OK));
    OkHttpClient http = client(server, "timeout: 20s");
    try (Scope scope = MeshDeadline.after(Duration.ZERO).makeCurrent();
        Response response = http.newCall(request().build()).execute()) {
      assertThat(response.code()).isEqualTo(504);
      assertThat(response.body().string()).isEqualTo("upstream request timeout");
    }
    assertThat(server.requests).isEmpty();
    assertThat(decisions.get(0).attempts()).isEmpty();
  }

  @Test
  void deadline_goesOnIfToldTo() throws Exception {
    RawServer server = server(e -> e.send(RawServer.OK));
    OkHttpClient http = client(builder(server, "timeout: 100s").sendDeadline(true));
    try (Scope scope = MeshDeadline.after(Duration.ofSeconds(50)).makeCurrent()) {
      http.newCall(request().build()).execute().close();
    }
    assertThat(Long.parseLong(server.requests.get(0).header(MeshDeadline.HEADER)))
        .isBetween(20_000L, 50_000L);
    client(server, "timeout: 20s").newCall(request().build()).execute().close();
    assertThat(server.requests.get(1).header(MeshDeadline.HEADER)).isNull();
  }
}
