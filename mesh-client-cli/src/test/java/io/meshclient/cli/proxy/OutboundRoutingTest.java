package io.meshclient.cli.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OutboundRoutingTest {
  private final AtomicReference<Double> draw = new AtomicReference<>(0.0);
  private RawServer v1;
  private RawServer v2;
  private TestProxy proxy;

  @BeforeEach
  void start() throws IOException {
    v1 = RawServer.saying("v1");
    v2 = RawServer.saying("v2");
    proxy =
        new TestProxy(
            mesh ->
                TestProxy.guide(mesh)
                    .endpoint("order-service", "v1", "127.0.0.1:" + v1.port())
                    .endpoint("order-service", "v2", "127.0.0.1:" + v2.port())
                    .draws(draw::get));
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    v1.close();
    v2.close();
  }

  @Test
  void canary_goes_to_v2() throws IOException {
    assertThat(proxy.get("/", "x-canary: true").body()).isEqualTo("v2");
  }

  @Test
  void even_user_goes_to_v2_and_odd_user_is_drawn() throws IOException {
    assertThat(proxy.get("/", "x-user-id: 42").body()).isEqualTo("v2");
    assertThat(proxy.get("/", "x-user-id: 43").body()).isEqualTo("v1");
  }

  @Test
  void draw_decides_between_weights() throws IOException {
    draw.set(89.9);
    assertThat(proxy.get("/").body()).isEqualTo("v1");
    draw.set(90.0);
    assertThat(proxy.get("/").body()).isEqualTo("v2");
  }

  @Test
  void host_header_counts_for_routing_and_is_kept_as_written() throws IOException {
    String request =
        RawClient.head(
            "GET http://127.0.0.1:8080/ HTTP/1.1", "Host: Order-Service:8080", "x-canary: true");

    assertThat(RawClient.exchange(proxy.port(), request).body()).isEqualTo("v2");
    assertThat(v2.received().get(0).value("host")).isEqualTo("Order-Service:8080");
  }

  @Test
  void origin_form_is_taken_to_its_host() throws IOException {
    String request = RawClient.head("GET /a?b HTTP/1.1", "Host: order-service:8080");

    assertThat(RawClient.exchange(proxy.port(), request).body()).isEqualTo("v1");
    assertThat(v1.received().get(0).line()).isEqualTo("GET /a?b HTTP/1.1");
  }

  @Test
  void request_without_host_goes_by_its_target() throws IOException {
    String request = RawClient.head("GET http://order-service:8080/ HTTP/1.0");

    assertThat(RawClient.exchange(proxy.port(), request).body()).isEqualTo("v1");
    assertThat(v1.received().get(0).value("host")).isEqualTo("order-service:8080");
  }

  @Test
  void unknown_host_is_passed_through() throws IOException {
    String request =
        RawClient.head(
            "GET http://127.0.0.1:" + v2.port() + "/x HTTP/1.1", "Host: 127.0.0.1:" + v2.port());

    assertThat(RawClient.exchange(proxy.port(), request).body()).isEqualTo("v2");
  }

  @Test
  void subset_without_endpoint_is_answered_as_envoy_does() throws IOException {
    try (TestProxy half = TestProxy.before(v1)) {
      RawClient.Answer answer = half.get("/", "x-canary: true");

      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.body()).isEqualTo("no healthy upstream");
    }
  }

  @Test
  void changed_file_is_in_force_without_restart(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("order.yaml");
    Files.writeString(file, allTo("v1"));
    try (TestProxy watching =
        new TestProxy(
            mesh ->
                mesh.config(directory)
                    .endpoint("order-service", "v1", "127.0.0.1:" + v1.port())
                    .endpoint("order-service", "v2", "127.0.0.1:" + v2.port()))) {
      assertThat(watching.get("/").body()).isEqualTo("v1");

      Path newer = directory.resolve(".newer");
      Files.writeString(newer, allTo("v2"));
      Files.move(newer, file, StandardCopyOption.ATOMIC_MOVE);

      long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
      String body = watching.get("/").body();
      while (body.equals("v1") && System.nanoTime() < until) {
        LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        body = watching.get("/").body();
      }
      assertThat(body).isEqualTo("v2");
    }
  }

  private static String allTo(String subset) {
    return """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: order}
        spec:
          hosts: [order-service]
          http: [{route: [{destination: {host: order-service, subset: SUBSET}}]}]
        ---
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: {name: order}
        spec:
          host: order-service
          subsets:
          - {name: v1, labels: {version: v1}}
          - {name: v2, labels: {version: v2}}
        """
        .replace("SUBSET", subset);
  }
}
