package io.meshclient;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.istio.ConfigSource;
import io.meshclient.istio.Configuration;
import io.meshclient.resilience.BreakerSettings;
import io.meshclient.resilience.CircuitBreaker;
import java.io.IOException;
import java.util.Map;
import okhttp3.Request;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The bound on the number of destinations that are guarded. */
@Timeout(60)
class GuardsTest {
  private static final String RULES =
      """
      apiVersion: networking.istio.io/v1
      kind: VirtualService
      metadata: {name: payment, namespace: default}
      spec:
        hosts: [payment]
        http:
        - route: [{destination: {host: payment}}]
      """;

  private volatile int status = 200;
  private TestServer server;
  private MeshClient mesh;

  @BeforeEach
  void start() {
    server = new TestServer(seen -> new TestServer.Answer(status, ""));
    BreakerOptions two = BreakerOptions.forAll(BreakerSettings.consecutive(1)).limit(2);
    mesh = MeshClient.builder().environment(Map.of()).circuitBreakers(two).build();
  }

  @AfterEach
  void stop() {
    mesh.close();
    server.close();
  }

  private void call(String host) throws IOException {
    Request request =
        new Request.Builder().url("http://" + server.hostPort() + "/").header("Host", host).build();
    mesh.okHttpClient().newCall(request).execute().close();
  }

  @Test
  void idle_closed_ones_leave_for_new_ones() throws IOException {
    call("a.example");
    call("b.example");
    call("c.example"); // none was idle since the last look
    call("b.example");
    call("d.example");

    assertThat(mesh.circuitBreakers().all())
        .extracting(CircuitBreaker::name)
        .containsExactlyInAnyOrder("b.example", "d.example");
  }

  @Test
  void host_in_upper_case_is_the_same_destination() throws IOException {
    call("a.example");
    call("A.Example");

    assertThat(mesh.circuitBreakers().all())
        .extracting(CircuitBreaker::name)
        .containsExactly("a.example");
  }

  @Test
  void routes_of_policies_from_before_do_not_pile_up() throws IOException {
    BreakerOptions byRoute =
        BreakerOptions.forAll(BreakerSettings.GUIDE).key(GuardKey.ROUTE).limit(1);
    Request request = new Request.Builder().url("http://payment/").build();
    try (MeshClient client =
        MeshClient.builder()
            .environment(Map.of())
            .endpoint("payment", "v1", server.hostPort())
            .circuitBreakers(byRoute)
            .build()) {
      for (int lines = 0; lines < 20; lines++) {
        client.apply(
            Configuration.read(ConfigSource.yaml("rules.yaml", "#\n".repeat(lines) + RULES)));
        client.okHttpClient().newCall(request).execute().close();
      }

      assertThat(client.circuitBreakers().all())
          .extracting(CircuitBreaker::name)
          .containsExactly("VirtualService default/payment http[0]");
      assertThat(client.circuitBreakers().handles()).isLessThanOrEqualTo(8);
    }
  }

  @Test
  void open_ones_stay_and_new_destinations_go_unguarded() throws IOException {
    status = 500;
    call("a.example");
    call("b.example");
    status = 200;
    call("c.example");
    call("d.example");

    assertThat(mesh.circuitBreakers().all())
        .extracting(CircuitBreaker::name)
        .containsExactlyInAnyOrder("a.example", "b.example");
  }
}
