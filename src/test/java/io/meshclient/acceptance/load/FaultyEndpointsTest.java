package io.meshclient.acceptance.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.Decision;
import io.meshclient.MeshClient;
import io.meshclient.MeshClientBuilder;
import io.meshclient.istio.ConfigSource;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Fifty callers, and endpoints that do all that endpoints should not. */
@Timeout(60)
class FaultyEndpointsTest {
  private static final int CALLERS = 50;
  private static final int CALLS = 8;
  private static final Duration TIME = Duration.ofMillis(1_000);

  /** What two cores that others use as well may add. */
  private static final Duration SLACK = Duration.ofMillis(1_500);

  private static final String RULES =
      """
      apiVersion: networking.istio.io/v1
      kind: VirtualService
      metadata: {name: orders}
      spec:
        hosts: [orders]
        http:
        - route: [{destination: {host: orders}}]
          timeout: 1s
          retries: {attempts: 2, retryOn: '5xx,reset', perTryTimeout: 0.3s}
      """;

  private final AtomicInteger decisions = new AtomicInteger();
  private final AtomicInteger answered = new AtomicInteger();
  private final AtomicInteger brokenOff = new AtomicInteger();

  @Test
  void everyCallEndsOnce_inTime_andIsCounted() throws Exception {
    List<BadServer> servers = new ArrayList<>();
    for (BadServer.Way way : BadServer.Way.values()) {
      servers.add(new BadServer(way));
    }
    BadServer dying = new BadServer(BadServer.Way.GOOD);
    servers.add(dying);
    MeshClientBuilder builder =
        MeshClient.builder()
            .environment(Map.of())
            .config(ConfigSource.yaml("rules.yaml", RULES))
            .onDecision(this::count);
    servers.forEach(server -> builder.endpoint("orders", server.hostPort()));
    ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
    try (MeshClient mesh = builder.build()) {
      OkHttpClient http = mesh.okHttpClient();
      List<Future<Duration>> longest = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        longest.add(callers.submit((Callable<Duration>) () -> call(http)));
      }
      Thread.sleep(500);
      dying.die();
      Thread.sleep(800);
      dying.comeBack();
      for (Future<Duration> caller : longest) {
        assertThat(caller.get()).isLessThan(TIME.plus(SLACK));
      }
      assertThat(decisions).hasValue(CALLERS * CALLS);
      assertThat(answered.get() + brokenOff.get()).isEqualTo(CALLERS * CALLS);
      assertThat(http.connectionPool().connectionCount())
          .as("every response is closed")
          .isEqualTo(http.connectionPool().idleConnectionCount());
      http.connectionPool().evictAll();
      assertThat(http.connectionPool().connectionCount()).isZero();
    } finally {
      callers.shutdownNow();
      for (BadServer server : servers) {
        server.close();
      }
    }
  }

  private void count(Decision decision) {
    decisions.incrementAndGet();
  }

  private Duration call(OkHttpClient http) {
    Duration longest = Duration.ZERO;
    Request request = new Request.Builder().url("http://orders/x").build();
    for (int i = 0; i < CALLS; i++) {
      long start = System.nanoTime();
      try (Response response = http.newCall(request).execute()) {
        response.body().string();
        answered.incrementAndGet();
      } catch (IOException e) {
        brokenOff.incrementAndGet();
      }
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      longest = took.compareTo(longest) > 0 ? took : longest;
    }
    return longest;
  }
}
