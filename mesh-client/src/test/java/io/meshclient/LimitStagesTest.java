package io.meshclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import io.meshclient.context.MeshDeadline;
import io.meshclient.resilience.BreakerSettings;
import io.meshclient.resilience.Bulkhead;
import io.meshclient.resilience.BulkheadFullException;
import io.meshclient.resilience.BulkheadSettings;
import io.meshclient.resilience.CircuitBreaker;
import io.meshclient.resilience.RateLimit;
import io.meshclient.resilience.RateLimitedException;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import okhttp3.Call;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The application's bulkheads and rate limits around real calls. */
@Timeout(60)
class LimitStagesTest {
  private final CountDownLatch blocked = new CountDownLatch(1);
  private final AtomicLong clock = new AtomicLong();
  private TestServer server;

  @BeforeEach
  void start() {
    server = new TestServer(this::answer);
  }

  private TestServer.Answer answer(TestServer.Seen seen) {
    if (seen.uri().equals("/blocked")) {
      try {
        blocked.await(60, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return new TestServer.Answer(200, "answered");
  }

  @AfterEach
  void stop() {
    blocked.countDown();
    server.close();
  }

  private MeshClientBuilder builder() {
    return builder(server.hostPort());
  }

  private static MeshClientBuilder builder(String endpoint) {
    return MeshClient.builder()
        .environment(Map.of())
        .service("order")
        .endpoint("payment", endpoint);
  }

  private static BulkheadSettings one() {
    return BulkheadSettings.of(1);
  }

  private static BulkheadSettings oneAndAnotherWaiting() {
    return one().waiting(1, Duration.ofMinutes(5));
  }

  private static Call newCall(MeshClient mesh, String path) {
    return mesh.okHttpClient().newCall(new Request.Builder().url("http://payment" + path).build());
  }

  private static int call(MeshClient mesh) throws IOException {
    try (Response response = newCall(mesh, "/").execute()) {
      return response.code();
    }
  }

  private static CompletableFuture<Object> start(Call call) {
    CompletableFuture<Object> ended = new CompletableFuture<>();
    Thread caller =
        new Thread(
            () -> {
              try (Response response = call.execute()) {
                ended.complete(response.code());
              } catch (IOException e) {
                ended.complete(e);
              }
            });
    caller.setName("caller of " + call.request().url());
    caller.start();
    return ended;
  }

  private static Bulkhead only(MeshClient mesh) {
    return mesh.bulkheads().get(0);
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("time for what is awaited").isLessThan(end);
      Thread.onSpinWait();
    }
  }

  @Test
  void callBeyondTheBulkhead_failsWithoutReachingTheNetwork() throws IOException {
    try (MeshClient mesh = builder().bulkhead("payment", one()).build();
        Response open = newCall(mesh, "/").execute()) {
      assertThat(open.code()).isEqualTo(200);

      assertThatThrownBy(() -> call(mesh))
          .isInstanceOfSatisfying(
              BulkheadFullException.class,
              e -> assertThat(e.destination()).isEqualTo("payment.default.svc.cluster.local"));

      assertThat(server.seen).hasSize(1);
    }
  }

  @Test
  void permit_isHeldUntilTheAnswerIsOver() throws IOException {
    try (MeshClient mesh = builder().bulkhead("*", one()).build()) {
      Response read = newCall(mesh, "/").execute();
      assertThat(only(mesh).active()).isOne();
      assertThat(read.body().string()).isEqualTo("answered");
      assertThat(only(mesh).active()).isZero();

      newCall(mesh, "/").execute().close();
      assertThat(only(mesh).active()).isZero();
    }
  }

  @Test
  void destinationThatNoPatternNames_hasNoBulkhead() throws IOException {
    try (MeshClient mesh = builder().bulkhead("orders", one()).build()) {
      call(mesh);

      assertThat(mesh.bulkheads()).isEmpty();
    }
  }

  @Test
  void failedCall_givesItsPermitBack() throws IOException {
    try (RefusingPort port = new RefusingPort();
        MeshClient mesh = builder(port.hostPort()).bulkhead("*", one()).build()) {
      for (int i = 0; i < 3; i++) {
        assertThat(call(mesh)).isEqualTo(503);
      }
      assertThat(only(mesh).active()).isZero();
    }
  }

  @Test
  void cancelledCall_givesItsPermitBackBeforeItsAnswerIsClosed() throws IOException {
    try (MeshClient mesh = builder().bulkhead("*", one()).build()) {
      Call call = newCall(mesh, "/");
      try (Response unread = call.execute()) {
        call.cancel();

        assertThat(only(mesh).active()).isZero();
        assertThat(call(mesh)).isEqualTo(200);
      }
      assertThat(only(mesh).active()).isZero();
    }
  }

  @Test
  void waitingCall_goesOnWhenAnotherEnds() throws Exception {
    try (MeshClient mesh = builder().bulkhead("*", oneAndAnotherWaiting()).build()) {
      Response first = newCall(mesh, "/").execute();
      CompletableFuture<Object> second = start(newCall(mesh, "/"));
      await(() -> only(mesh).waiting() == 1);

      first.close();

      assertThat(second.get(30, TimeUnit.SECONDS)).isEqualTo(200);
      await(() -> only(mesh).active() == 0);
    }
  }

  @Test
  void waitingCall_leavesAtOnceWhenItIsCancelled() throws Exception {
    try (MeshClient mesh = builder().bulkhead("*", oneAndAnotherWaiting()).build();
        Response first = newCall(mesh, "/").execute()) {
      Call waiting = newCall(mesh, "/");
      CompletableFuture<Object> ended = start(waiting);
      await(() -> only(mesh).waiting() == 1);

      waiting.cancel();

      assertThat(ended.get(30, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
      assertThat(only(mesh).waiting()).isZero();
      assertThat(first.code()).isEqualTo(200);
    }
  }

  @Test
  void waitingCall_leavesAtOnceWhenItsThreadIsInterrupted() throws IOException {
    try (MeshClient mesh = builder().bulkhead("*", oneAndAnotherWaiting()).build();
        Response first = newCall(mesh, "/").execute()) {
      Thread.currentThread().interrupt();

      assertThatThrownBy(() -> call(mesh)).isInstanceOf(InterruptedIOException.class);

      assertThat(Thread.interrupted()).isTrue();
      assertThat(only(mesh).waiting()).isZero();
      assertThat(first.code()).isEqualTo(200);
    }
  }

  @Test
  void waitingCall_isRefusedWhenItsTimeIsUp() throws IOException {
    BulkheadSettings impatient = one().waiting(1, Duration.ofMillis(20));
    try (MeshClient mesh = builder().bulkhead("*", impatient).build();
        Response first = newCall(mesh, "/").execute()) {
      assertThatThrownBy(() -> call(mesh)).isInstanceOf(BulkheadFullException.class);
      assertThat(first.code()).isEqualTo(200);
    }
  }

  @Test
  void waitingCall_isRefusedWhenTheCallersDeadlinePasses() throws IOException {
    try (MeshClient mesh = builder().bulkhead("*", oneAndAnotherWaiting()).build();
        Response first = newCall(mesh, "/").execute();
        Scope scope = MeshDeadline.after(Duration.ofMillis(20)).makeCurrent()) {
      assertThatThrownBy(() -> call(mesh)).isInstanceOf(BulkheadFullException.class);
      assertThat(first.code()).isEqualTo(200);
    }
  }

  @Test
  void callBeyondTheRate_failsAndSaysWhenToTryAgain() throws IOException {
    RateLimit limit = RateLimit.of(2, Duration.ofSeconds(10));
    try (MeshClient mesh = builder().clock(clock::get).rateLimit("payment", limit).build()) {
      call(mesh);
      call(mesh);

      assertThatThrownBy(() -> call(mesh))
          .isInstanceOfSatisfying(
              RateLimitedException.class,
              e -> assertThat(e.retryAfter()).isEqualTo(Duration.ofSeconds(5)));
      assertThat(server.seen).hasSize(2);

      clock.addAndGet(Duration.ofSeconds(5).toNanos());
      assertThat(call(mesh)).isEqualTo(200);
    }
  }

  @Test
  void callThatWaitsForItsToken_goesOn() throws IOException {
    RateLimit limit = RateLimit.of(1, Duration.ofMillis(50)).waitingUpTo(Duration.ofSeconds(10));
    try (MeshClient mesh = builder().rateLimit("payment", limit).build()) {
      long start = System.nanoTime();
      for (int i = 0; i < 3; i++) {
        assertThat(call(mesh)).isEqualTo(200);
      }
      assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(100_000_000);
    }
  }

  @Test
  void callCancelledWhileItWaits_givesItsTokenBack() throws Exception {
    RateLimit limit = RateLimit.of(1, Duration.ofHours(1)).waitingUpTo(Duration.ofHours(2));
    try (MeshClient mesh = builder().clock(clock::get).rateLimit("payment", limit).build()) {
      call(mesh);
      Call waiting = newCall(mesh, "/");
      CompletableFuture<Object> ended = start(waiting);
      long hour = Duration.ofHours(1).toNanos();
      await(() -> mesh.rateLimiters().get(0).nanosUntilNext() > hour);

      waiting.cancel();

      assertThat(ended.get(30, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
      assertThat(mesh.rateLimiters().get(0).nanosUntilNext()).isEqualTo(hour);
    }
  }

  @Test
  void rejections_areNoFailuresOfTheBreaker() throws IOException {
    try (MeshClient mesh =
            builder()
                .circuitBreaker(BreakerSettings.consecutive(1))
                .bulkhead("*", one())
                .rateLimit("*", RateLimit.of(2, Duration.ofHours(1)))
                .build();
        Response open = newCall(mesh, "/").execute()) {
      assertThatThrownBy(() -> call(mesh)).isInstanceOf(BulkheadFullException.class);
      assertThatThrownBy(() -> call(mesh)).isInstanceOf(RateLimitedException.class);

      assertThat(mesh.circuitBreakers().all())
          .extracting(CircuitBreaker::state)
          .containsOnly(CircuitBreaker.State.CLOSED);
      assertThat(open.code()).isEqualTo(200);
    }
  }

  @Test
  void metrics_tellRejections() throws IOException {
    InMemoryMetricReader reader = InMemoryMetricReader.create();
    try (SdkMeterProvider provider =
            SdkMeterProvider.builder().registerMetricReader(reader).build();
        MeshClient mesh =
            builder()
                .openTelemetry(OpenTelemetrySdk.builder().setMeterProvider(provider).build())
                .bulkhead("*", one())
                .rateLimit("*", RateLimit.of(3, Duration.ofHours(1)))
                .build();
        Response open = newCall(mesh, "/").execute()) {
      assertThatThrownBy(() -> call(mesh)).isInstanceOf(BulkheadFullException.class);
      assertThatThrownBy(() -> call(mesh)).isInstanceOf(BulkheadFullException.class);
      assertThatThrownBy(() -> call(mesh)).isInstanceOf(RateLimitedException.class);

      assertThat(reader.collectAllMetrics())
          .filteredOn(metric -> metric.getName().endsWith("rejections"))
          .extracting(MetricData::getName, LimitStagesTest::sum)
          .containsExactlyInAnyOrder(
              tuple("mesh.bulkhead.rejections", 2L), tuple("mesh.ratelimit.rejections", 1L));
      assertThat(open.code()).isEqualTo(200);
    }
  }

  private static long sum(MetricData metric) {
    return metric.getLongSumData().getPoints().stream().mapToLong(point -> point.getValue()).sum();
  }

  @ParameterizedTest(name = "\"{0}\"")
  @ValueSource(strings = {"payment/v2", ""})
  void destinations_areHosts(String destinations) {
    assertThatThrownBy(() -> MeshClient.builder().bulkhead(destinations, one()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"" + destinations + "\" (expected: HOST");
    assertThatThrownBy(() -> MeshClient.builder().rateLimit(destinations, RateLimit.perSecond(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
