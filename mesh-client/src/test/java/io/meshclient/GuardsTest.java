package io.meshclient;

import static org.assertj.core.api.Assertions.assertThat;

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
@Timeout(20)
class GuardsTest {
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
