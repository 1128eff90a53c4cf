package io.meshclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshclient.istio.ConfigSource;
import io.meshclient.resilience.BreakerSettings;
import io.meshclient.resilience.CircuitBreaker;
import io.meshclient.resilience.CircuitOpenException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ejection by the rule is the first layer, the application's breaker the second. */
@Timeout(60)
class TwoLayersTest {
  private static final String RULES =
      """
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata: {name: payment, namespace: default}
      spec:
        host: payment
        trafficPolicy:
          connectionPool:
            tcp: {maxConnections: 4}
            http: {http1MaxPendingRequests: 4}
          outlierDetection: {consecutive5xxErrors: 3, maxEjectionPercent: 50, baseEjectionTime: 60s}
      ---
      apiVersion: networking.istio.io/v1
      kind: VirtualService
      metadata: {name: payment, namespace: default}
      spec:
        hosts: [payment]
        http:
        - route: [{destination: {host: payment}}]
          retries: {attempts: 3, retryOn: 5xx}
      """;

  private final CountDownLatch blocked = new CountDownLatch(1);
  private volatile int statusOfFirst = 503;
  private volatile int statusOfSecond = 200;
  private TestServer first;
  private TestServer second;

  @BeforeEach
  void start() {
    first = new TestServer(seen -> answer(seen, statusOfFirst));
    second = new TestServer(seen -> answer(seen, statusOfSecond));
  }

  @AfterEach
  void stop() {
    blocked.countDown();
    first.close();
    second.close();
  }

  private TestServer.Answer answer(TestServer.Seen seen, int status) {
    if (seen.uri().equals("/blocked")) {
      try {
        blocked.await(60, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return new TestServer.Answer(status, "");
  }

  private MeshClient mesh(BreakerSettings settings) {
    return MeshClient.builder()
        .environment(Map.of())
        .service("order")
        .config(ConfigSource.yaml("rules.yaml", RULES))
        .endpoint("payment", first.hostPort())
        .endpoint("payment", second.hostPort())
        .circuitBreaker(settings)
        .build();
  }

  private static Call call(MeshClient mesh, String path) {
    return mesh.okHttpClient().newCall(new Request.Builder().url("http://payment" + path).build());
  }

  private static CircuitBreaker breaker(MeshClient mesh) {
    return mesh.circuitBreakers().all().get(0);
  }

  @Test
  void failing_pod_is_the_first_layers_business() throws IOException {
    try (MeshClient mesh = mesh(BreakerSettings.GUIDE)) {
      for (int i = 0; i < 30; i++) {
        try (Response response = call(mesh, "/").execute()) {
          assertThat(response.code()).isEqualTo(200);
        }
      }

      assertThat(first.seen).hasSize(3); // then it was ejected
      assertThat(breaker(mesh).counts().failures()).isZero();
    }
  }

  @Test
  void failing_service_is_the_second_layers_business() throws IOException {
    statusOfSecond = 503;
    try (MeshClient mesh = mesh(BreakerSettings.GUIDE)) {
      for (int i = 0; i < 3; i++) {
        call(mesh, "/").execute().close();
      }
      int tries = first.seen.size() + second.seen.size();

      assertThatThrownBy(() -> call(mesh, "/").execute()).isInstanceOf(CircuitOpenException.class);
      assertThat(first.seen.size() + second.seen.size()).isEqualTo(tries);
    }
  }

  @Test
  void call_fails_fast_while_a_pool_piles_up() {
    BreakerSettings slow =
        BreakerSettings.overCalls(10, 5, 50).slowCalls(Duration.ofMillis(200), 50);
    try (MeshClient mesh = mesh(slow)) {
      List<Call> piled = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        Call call = call(mesh, "/blocked");
        piled.add(call);
        call.enqueue(new Ignored());
      }
      // None has an answer, nor has any run out of time: what is seen are calls in flight.
      await(() -> !mesh.circuitBreakers().all().isEmpty());
      await(() -> breaker(mesh).counts().slowInFlight() >= 5);

      long start = System.nanoTime();
      assertThatThrownBy(() -> call(mesh, "/").execute())
          .isInstanceOf(CircuitOpenException.class)
          .hasMessageEndingWith("calls in flight are slow");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));

      piled.forEach(Call::cancel);
    }
  }

  private static void await(java.util.function.BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("time for what is awaited").isLessThan(end);
      Thread.onSpinWait();
    }
  }

  private static final class Ignored implements Callback {
    @Override
    public void onFailure(Call call, IOException e) {}

    @Override
    public void onResponse(Call call, Response response) {
      response.close();
    }
  }
}
