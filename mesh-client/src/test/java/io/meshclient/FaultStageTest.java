package io.meshclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshclient.istio.ConfigSource;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FaultStageTest {
  private final List<Decision> decisions = new ArrayList<>();
  private RawServer server;

  @BeforeEach
  void start() throws IOException {
    server = RawServer.start(exchange -> exchange.send(RawServer.OK));
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private MeshClient client(String fault, double draw) {
    String yaml =
        """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: orders, namespace: default}
        spec:
          hosts: [orders]
          http:
          - fault: %s
            route: [{destination: {host: orders}}]
            timeout: 2s
            retries: {attempts: 3, retryOn: 5xx}
        """
            .formatted(fault);
    return MeshClient.builder()
        .environment(Map.of())
        .service("web")
        .config(ConfigSource.yaml("rules.yaml", yaml))
        .endpoint("orders", server.hostPort())
        .draws(() -> draw)
        .onDecision(decisions::add)
        .build();
  }

  private static Request request() {
    return new Request.Builder().url("http://orders/x").build();
  }

  @Test
  void abort_belowTheDraw_answersAndTriesNothing() throws IOException {
    try (MeshClient mesh = client("{abort: {httpStatus: 503, percentage: {value: 50}}}", 49.9);
        Response response = mesh.okHttpClient().newCall(request()).execute()) {
      assertThat(response.code()).isEqualTo(503);
      assertThat(response.body().string()).isEqualTo("fault filter abort");
    }
    assertThat(server.requests).isEmpty();
    assertThat(decisions.get(0).flags()).isEqualTo("FI");
    assertThat(decisions.get(0).attempts()).isEmpty();
  }

  @Test
  void abort_atTheDraw_doesNotHappen() throws IOException {
    try (MeshClient mesh = client("{abort: {httpStatus: 503, percentage: {value: 50}}}", 50);
        Response response = mesh.okHttpClient().newCall(request()).execute()) {
      assertThat(response.code()).isEqualTo(200);
    }
  }

  @Test
  void abort_byGrpcStatus_isA200ThatTells() throws IOException {
    Request request = request().newBuilder().header("content-type", "application/grpc").build();
    String fault = "{abort: {grpcStatus: UNAVAILABLE, percentage: {value: 100}}}";
    try (MeshClient mesh = client(fault, 0);
        Response response = mesh.okHttpClient().newCall(request).execute()) {
      assertThat(response.code()).isEqualTo(200);
      assertThat(response.header("grpc-status")).isEqualTo("14");
      assertThat(response.header("grpc-message")).isEqualTo("fault filter abort");
    }
  }

  @Test
  void delay_byTheOldPercent_isOutsideTheRoutesTime() throws IOException {
    try (MeshClient mesh = client("{delay: {fixedDelay: 2.2s, percent: 100}}", 0);
        Response response = mesh.okHttpClient().newCall(request()).execute()) {
      assertThat(response.code()).isEqualTo(200);
    }
    assertThat(decisions.get(0).flags()).isEqualTo("DI");
    assertThat(decisions.get(0).took()).isGreaterThanOrEqualTo(Duration.ofMillis(2200));
  }

  @Test
  void delay_whenTheCallIsCancelled_endsAtOnce() {
    try (MeshClient mesh = client("{delay: {fixedDelay: 50s, percentage: {value: 100}}}", 0)) {
      Call call = mesh.okHttpClient().newCall(request());
      CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS).execute(call::cancel);
      long start = System.nanoTime();
      assertThatThrownBy(call::execute).isInstanceOf(IOException.class).hasMessage("Canceled");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(40));
    }
  }
}
