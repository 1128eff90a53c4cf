package io.meshclient.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import io.meshclient.RefusingPort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class MeshDetectorTest {
  @TempDir Path root;

  private MeshDetector detector(Pod pod) {
    return new MeshDetector(pod.surroundings(), null, "");
  }

  @Test
  void portsThatOpenLate_areSeen() {
    Pod pod = new Pod(root);
    try (MeshDetector detector = detector(pod)) {
      assertThat(detector.step()).isPositive();
      assertThat(detector.state()).hasToString("none (still looking)");

      pod.nanos.addAndGet(Duration.ofSeconds(30).toNanos());
      pod.listens(1337, 15001, 15021);
      assertThat(detector.step()).isPositive();
      assertThat(detector.state()).hasToString("istio (claimed)");
      assertThat(detector.state().ownership().isMesh(Capability.RETRIES)).isTrue();
      assertThat(detector.state().ownership().isMesh(Capability.MTLS)).isFalse();

      pod.answers(":15021/healthz/ready", 200);
      assertThat(detector.step()).as("settled").isNegative();
      assertThat(detector.state()).hasToString("istio (confirmed)");
      assertThat(detector.state().ownership().isMesh(Capability.MTLS)).isTrue();
    }
  }

  @Test
  void nothing_isSettledOnlyAfterTheGraceTime() {
    Pod pod = new Pod(root);
    try (MeshDetector detector = detector(pod)) {
      pod.nanos.set(MeshDetector.GRACE_NANOS - 1);
      assertThat(detector.step()).isPositive();
      assertThat(detector.state().basis()).isEqualTo(Basis.LOOKING);

      pod.nanos.set(MeshDetector.GRACE_NANOS);
      assertThat(detector.step()).isNegative();
      assertThat(detector.state().basis()).isEqualTo(Basis.NOT_SEEN);
    }
  }

  @Test
  void looks_growApart() {
    try (MeshDetector detector = detector(new Pod(root))) {
      List<Long> millis =
          java.util.stream.Stream.generate(detector::step)
              .limit(8)
              .map(nanos -> nanos / 1_000_000)
              .toList();

      assertThat(millis).containsExactly(100L, 200L, 400L, 800L, 1600L, 3200L, 5000L, 5000L);
    }
  }

  @Test
  void sidecarThatRestarts_isNotGone() {
    Pod pod = new Pod(root).listens(1337, 15001);
    try (MeshDetector detector = detector(pod)) {
      detector.step();
      new Pod(root); // no port is open any more
      detector.step();

      assertThat(detector.state()).hasToString("istio (claimed)");
    }
  }

  @Test
  void modeThatWasTold_wins() {
    Pod pod = new Pod(root).listens(2102, 4140, 4143, 4191);
    try (MeshDetector detector =
        new MeshDetector(pod.surroundings(), MeshMode.ISTIO, "MESH_CLIENT_MODE")) {
      assertThat(detector.state()).hasToString("istio (told)");
      assertThat(detector.step()).as("until it is ready").isPositive();
      assertThat(detector.state().readiness()).isEqualTo(MeshState.Readiness.NOT_READY);

      pod.answers(":15021/healthz/ready", 200);
      assertThat(detector.step()).isNegative();
      assertThat(detector.state().readiness()).isEqualTo(MeshState.Readiness.READY);
      assertThat(detector.state().ownership().evidence())
          .containsExactly("MESH_CLIENT_MODE: istio", ":15021/healthz/ready answers 200");
    }
  }

  @Test
  void proxysMark_makesItLookAgain_andDecidesNothing() {
    Pod pod = new Pod(root);
    try (MeshDetector detector = detector(pod)) {
      pod.nanos.set(MeshDetector.GRACE_NANOS);
      detector.step();
      assertThat(detector.listens()).isTrue();

      detector.hear("server: envoy");

      assertThat(detector.listens()).as("once is enough").isFalse();
      assertThat(detector.step()).as("a grace time of its own").isPositive();
      assertThat(detector.state().mode()).isEqualTo(MeshMode.NONE);
    }
  }

  @Test
  void waiting_endsWithReadiness() throws InterruptedException {
    Pod pod = new Pod(root).listens(1337, 15001, 15021).answers(":15021/healthz/ready", 200);
    try (MeshDetector detector = detector(pod)) {
      assertThat(detector.await(Duration.ofSeconds(15))).isTrue();
      assertThat(detector.state()).hasToString("istio (confirmed)");
    }
  }

  @Test
  void waiting_isBounded() throws InterruptedException {
    Pod pod = new Pod(root).listens(1337, 15001, 15021);
    try (MeshDetector detector = detector(pod)) {
      assertThat(detector.await(Duration.ofMillis(150))).isFalse();
    }
  }

  @Test
  void waiting_isNoneWhereThereIsNothingToWaitFor() throws InterruptedException {
    try (MeshDetector detector = detector(new Pod(root))) {
      assertThat(detector.await(Duration.ofHours(1))).as("no pod, no sign").isTrue();
    }
    Pod ambient = new Pod(root).listens(0, 15001, 15006, 15008);
    try (MeshDetector detector = detector(ambient)) {
      assertThat(detector.await(Duration.ofHours(1))).as("ztunnel tells nothing").isTrue();
    }
  }

  @Test
  void waiting_inAPodWaitsForASign() throws InterruptedException {
    Pod pod = new Pod(root).variable("KUBERNETES_SERVICE_HOST", "10.96.0.1");
    try (MeshDetector detector = detector(pod)) {
      assertThat(detector.await(Duration.ofMillis(150))).isFalse();
    }
  }

  @Test
  void quitting_tellsTheProxy() {
    Pod istio = new Pod(root).listens(1337, 15001).answers(":15020/quitquitquit", 200);
    try (MeshDetector detector = detector(istio)) {
      assertThat(detector.quit()).isTrue();
      assertThat(istio.asked).containsExactly("POST :15020/quitquitquit");
    }
    Pod linkerd = new Pod(root).listens(2102, 4191).answers(":4191/shutdown", 200);
    try (MeshDetector detector = detector(linkerd)) {
      assertThat(detector.quit()).isTrue();
      assertThat(linkerd.asked).containsExactly("POST :4191/shutdown");
    }
    try (MeshDetector detector = detector(new Pod(root))) {
      assertThat(detector.quit()).isFalse();
    }
  }

  @Test
  void realListener_isInTheKernelsTable() throws IOException {
    Path proc = Path.of("/proc/self");
    assumeTrue(Files.isReadable(proc.resolve("net/tcp")), "a table of sockets");
    int uid = ((Number) Files.getAttribute(proc, "unix:uid")).intValue();
    try (RefusingPort port = new RefusingPort()) {
      try (ServerSocket socket = port.listen()) {
        assertThat(Listener.of(proc)).contains(new Listener(socket.getLocalPort(), uid));
      }
      assertThat(Listener.of(proc)).noneMatch(listener -> listener.port() == port.port());
    }
  }

  @Test
  void realEndpoint_isAsked() throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.createContext(
        "/ready",
        exchange -> {
          int status = exchange.getRequestMethod().equals("POST") ? 202 : 200;
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    server.start();
    int port = server.getAddress().getPort();
    Prober prober = Surroundings.real(Map.of()).prober();
    try {
      assertThat(prober.ask("GET", port, "/ready")).isEqualTo(200);
      assertThat(prober.ask("POST", port, "/ready")).isEqualTo(202);
      assertThat(prober.ask("GET", port, "/none")).isEqualTo(404);
    } finally {
      server.stop(0);
    }
    try (RefusingPort none = new RefusingPort()) {
      assertThat(prober.ask("GET", none.port(), "/ready")).isEqualTo(-1);
    }
  }
}
