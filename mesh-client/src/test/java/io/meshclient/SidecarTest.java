package io.meshclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.failsafe.RetryPolicy;
import io.meshclient.context.MeshDeadline;
import io.meshclient.istio.ConfigSource;
import io.meshclient.istio.Problem;
import io.meshclient.mesh.Capability;
import io.meshclient.mesh.MeshMode;
import io.meshclient.mesh.Pod;
import io.meshclient.resilience.BreakerSettings;
import io.meshclient.resilience.CircuitOpenException;
import io.meshclient.resilience.FailsafePolicies;
import io.opentelemetry.context.Scope;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import okhttp3.Dns;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server on loopback stands for the sidecar that takes what is sent to services' names. */
@Timeout(60)
class SidecarTest {
  private static final String RULES =
      """
      apiVersion: networking.istio.io/v1
      kind: VirtualService
      metadata: {name: payment, namespace: production}
      spec:
        hosts: [payment]
        http:
        - match: [{uri: {prefix: /moved}}]
          redirect: {uri: /elsewhere}
        - match: [{uri: {prefix: /slow}}]
          fault: {delay: {fixedDelay: 50s, percentage: {value: 100}}}
          route: [{destination: {host: payment}}]
        - match: [{uri: {prefix: /long}}]
          timeout: 30s
          route: [{destination: {host: payment}}]
        - match: [{uri: {prefix: /pay}}]
          rewrite: {uri: /v2}
          headers: {request: {set: {x-rule: applied}}, response: {set: {x-rule: applied}}}
          mirror: {host: payment}
          retries: {attempts: 3, retryOn: 5xx}
          route:
          - destination: {host: payment, subset: v1}
            weight: 50
          - destination: {host: payment, subset: v2}
            weight: 50
      ---
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata: {name: payment, namespace: production}
      spec:
        host: payment
        trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}
        subsets:
        - {name: v1, labels: {version: v1}}
        - {name: v2, labels: {version: v2}}
      """;

  @TempDir Path root;

  private final List<Decision> decisions = new CopyOnWriteArrayList<>();
  private volatile TestServer.Answer answer = TestServer.Answer.ok("paid");
  private TestServer sidecar;

  @BeforeEach
  void start() {
    sidecar = new TestServer(seen -> answer);
  }

  @AfterEach
  void stop() {
    sidecar.close();
  }

  private MeshClientBuilder builder() {
    return MeshClient.builder()
        .environment(Map.of())
        .surroundings(new Pod(root).surroundings())
        .namespace("production")
        .config(ConfigSource.yaml("rules.yaml", RULES))
        .onDecision(decisions::add);
  }

  /** A name's address is the sidecar's, as redirection makes it. */
  private static OkHttpClient client(MeshClient mesh) {
    Dns toSidecar =
        name -> {
          if (name.equals("nowhere")) {
            throw new UnknownHostException(name);
          }
          return List.of(InetAddress.getLoopbackAddress());
        };
    return mesh.instrument(new OkHttpClient.Builder().dns(toSidecar)).build();
  }

  private Request request(String path) {
    return new Request.Builder().url("http://payment:" + sidecar.port() + path).build();
  }

  private Decision decision() {
    return decisions.get(decisions.size() - 1);
  }

  @Test
  void rules_areLeftToTheSidecar() throws IOException {
    answer =
        new TestServer.Answer(
            200,
            "paid",
            "server",
            "envoy",
            "x-envoy-upstream-service-time",
            "12",
            "x-envoy-attempt-count",
            "2");
    try (MeshClient mesh = builder().meshMode(MeshMode.ISTIO).build();
        Response response = client(mesh).newCall(request("/pay/1")).execute()) {
      assertThat(response.code()).isEqualTo(200);
      assertThat(response.header("x-rule")).isNull();
      assertThat(sidecar.seen).hasSize(1);
      TestServer.Seen seen = sidecar.seen.get(0);
      assertThat(seen.uri()).isEqualTo("/pay/1");
      assertThat(seen.host()).isEqualTo("payment:" + sidecar.port());
      assertThat(seen.headers()).doesNotContainKey("x-rule").containsKey("x-request-id");
      assertThat(decision().ownership().compact())
          .isEqualTo(
              "istio: routing, headers, endpoints, ejection, retries, timeouts, pools, faults,"
                  + " mirrors, mTLS, peers, authorization, rate limits");
      assertThat(decision().proxy())
          .isEqualTo(new ProxyReport("envoy", 2, 12, false, "", "", false));
      assertThat(decision().toString())
          .contains(" by istio [rules.yaml:", "200 (envoy, 2 tries, 12 ms upstream) in ");
    }
  }

  @Test
  void failure_isTriedOnce() throws IOException {
    answer = new TestServer.Answer(503, "");
    try (MeshClient mesh = builder().meshMode(MeshMode.ISTIO).build();
        Response response = client(mesh).newCall(request("/pay")).execute()) {
      assertThat(response.code()).isEqualTo(503);
      assertThat(sidecar.seen).as("what the sidecar tries again, it does itself").hasSize(1);
      assertThat(decision().attempts()).hasSize(1);
      assertThat(decision().flags()).isEmpty();
    }
  }

  @Test
  void failure_isTriedAgainAboveTheSidecar_ifAskedFor() throws IOException {
    answer = new TestServer.Answer(503, "");
    try (MeshClient mesh =
            builder()
                .meshMode(MeshMode.ISTIO)
                .retriesAboveMesh(true)
                .circuitBreaker(BreakerSettings.GUIDE)
                .build();
        Response response = client(mesh).newCall(request("/pay")).execute()) {
      assertThat(response.code()).isEqualTo(503);
      assertThat(sidecar.seen).hasSize(4);
      assertThat(mesh.circuitBreakers().all().get(0).counts().failures()).isOne();
      assertThat(mesh.problems())
          .map(Problem::toString)
          .anyMatch(
              p ->
                  p.startsWith("MESH0401 rules.yaml:")
                      && p.contains("http[3].retries: 4 x 4 = 16 requests for one call"));
    }
  }

  @Test
  void retriesAboveTheSidecar_takeFromTheBudget() throws IOException {
    answer = new TestServer.Answer(503, "");
    AtomicLong standingStill = new AtomicLong(); // no retries are earned by time
    try (MeshClient mesh =
        builder()
            .meshMode(MeshMode.ISTIO)
            .retriesAboveMesh(true)
            .clock(standingStill::get)
            .build()) {
      OkHttpClient http = client(mesh);
      for (int i = 0; i < 100; i++) {
        http.newCall(request("/pay")).execute().close();
      }

      assertThat(sidecar.seen)
          .as("100 calls, 100 retries saved up, 20 earned at most")
          .hasSizeBetween(200, 220);
    }
  }

  @Test
  void breaker_isTheLibrarysAndKeepsItsName() throws IOException {
    answer = new TestServer.Answer(503, "");
    try (MeshClient mesh =
        builder().meshMode(MeshMode.ISTIO).circuitBreaker(BreakerSettings.GUIDE).build()) {
      OkHttpClient http = client(mesh);
      for (int i = 0; i < 3; i++) {
        http.newCall(request("/pay")).execute().close();
      }

      assertThatThrownBy(() -> http.newCall(request("/pay")).execute())
          .isInstanceOf(CircuitOpenException.class);
      assertThat(mesh.circuitBreakers().find("payment.production.svc.cluster.local")).isNotNull();
      assertThat(sidecar.seen).hasSize(3);
    }
  }

  @Test
  void faultsAndRedirects_areTheSidecars() throws IOException {
    try (MeshClient mesh = builder().meshMode(MeshMode.ISTIO).build()) {
      OkHttpClient http = client(mesh);
      long start = System.nanoTime();
      http.newCall(request("/slow")).execute().close();
      assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(40));
      http.newCall(request("/moved")).execute().close();

      assertThat(sidecar.seen).map(TestServer.Seen::uri).containsExactly("/slow", "/moved");
    }
  }

  @Test
  void hostsOutsideTheConfiguration_goToTheSidecarToo() throws IOException {
    answer = new TestServer.Answer(503, "");
    Request unknown = new Request.Builder().url("http://reviews:" + sidecar.port() + "/x").build();
    try (MeshClient mesh = builder().meshMode(MeshMode.ISTIO).build();
        Response response = client(mesh).newCall(unknown).execute()) {
      assertThat(response.code()).isEqualTo(503);
      assertThat(sidecar.seen).hasSize(1);
      assertThat(decision().ownership().isMesh(Capability.ROUTING)).isTrue();
    }
  }

  @Test
  void readTime_isAboveTheRulesTime() throws IOException {
    CountDownLatch late = new CountDownLatch(1);
    try (TestServer slow =
            new TestServer(
                seen -> {
                  waitFor(late, 1500);
                  return TestServer.Answer.ok("late");
                });
        MeshClient mesh = builder().meshMode(MeshMode.ISTIO).build()) {
      OkHttpClient http =
          mesh.instrument(
                  new OkHttpClient.Builder()
                      .dns(name -> List.of(InetAddress.getLoopbackAddress()))
                      .readTimeout(Duration.ofMillis(500)))
              .build();
      Request request =
          new Request.Builder().url("http://payment:" + slow.port() + "/long").build();
      try (Response response = http.newCall(request).execute()) {
        assertThat(response.code()).as("the rule allows 30 s").isEqualTo(200);
      }
    }
  }

  @Test
  void deadlineOfTheCaller_stays() throws IOException {
    CountDownLatch never = new CountDownLatch(1);
    try (TestServer slow =
            new TestServer(
                seen -> {
                  waitFor(never, 60_000);
                  return TestServer.Answer.ok("late");
                });
        MeshClient mesh = builder().meshMode(MeshMode.ISTIO).build();
        Scope ignored = MeshDeadline.after(Duration.ofMillis(300)).makeCurrent()) {
      Request request =
          new Request.Builder().url("http://payment:" + slow.port() + "/long").build();
      try (Response response = client(mesh).newCall(request).execute()) {
        assertThat(response.code()).isEqualTo(504);
        assertThat(decision().flags()).isEqualTo("UT");
      } finally {
        never.countDown();
      }
    }
  }

  private static void waitFor(CountDownLatch latch, long millis) {
    try {
      boolean ignored = latch.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void request_isOneThatEnvoyTakes() throws IOException {
    try (MeshClient mesh = builder().meshMode(MeshMode.ISTIO).build()) {
      OkHttpClient behindProxy =
          client(mesh)
              .newBuilder()
              .proxy(new Proxy(Proxy.Type.HTTP, new InetSocketAddress("127.0.0.1", 9)))
              .build();
      Request request =
          request("/pay")
              .newBuilder()
              .header("Connection", "Upgrade, HTTP2-Settings")
              .header("Upgrade", "h2c")
              .header("HTTP2-Settings", "AAMAAABkAAQCAAAAAAIAAAAA")
              .build();
      behindProxy.newCall(request).execute().close();

      TestServer.Seen seen = sidecar.seen.get(0);
      assertThat(seen.uri()).as("no absolute form").isEqualTo("/pay");
      assertThat(seen.headers()).doesNotContainKeys("Upgrade", "Http2-settings");
    }
  }

  @Test
  void connectionThatLayIdleForAMinute_isNotUsedAgain() throws IOException {
    AtomicLong nanos = new AtomicLong();
    try (MeshClient mesh = builder().meshMode(MeshMode.ISTIO).clock(nanos::get).build()) {
      OkHttpClient http = client(mesh);
      for (long idle : new long[] {0, 59, 60}) {
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(idle));
        try (Response response = http.newCall(request("/x")).execute()) {
          assertThat(response.body().string()).isEqualTo("paid");
        }
      }

      assertThat(sidecar.seen.get(1).clientPort()).isEqualTo(sidecar.seen.get(0).clientPort());
      assertThat(sidecar.seen.get(2).clientPort()).isNotEqualTo(sidecar.seen.get(0).clientPort());
    }
  }

  @Test
  void nameWithoutAddress_isSaidSo() {
    try (MeshClient mesh = builder().meshMode(MeshMode.ISTIO).build()) {
      Request request = new Request.Builder().url("http://nowhere:8080/").build();
      assertThatThrownBy(() -> client(mesh).newCall(request).execute())
          .isInstanceOf(UnknownHostException.class)
          .hasMessageContaining("nowhere: no such name in DNS")
          .hasMessageContaining("behind Istio's sidecar requests go by their URL's own name");
    }
  }

  @Test
  void sidecarThatIsNotReady_isToldFromADestinationThatFails() throws IOException {
    MeshClientBuilder builder = builder();
    Pod pod = new Pod(root).listens(1337, 15021).answers(":15021/healthz/ready", 503);
    try (RefusingPort closed = new RefusingPort();
        MeshClient mesh =
            builder.surroundings(pod.surroundings()).awaitMesh(Duration.ofMillis(200)).build()) {
      String authority = "payment:" + closed.port();
      Request request = new Request.Builder().url("http://" + authority + "/pay").build();
      assertThatThrownBy(() -> client(mesh).newCall(request).execute())
          .isInstanceOfSatisfying(
              LocalProxyException.class, e -> assertThat(e.isNotReady()).isTrue())
          .hasMessage(
              authority
                  + ": connection refused; Istio's sidecar is not ready by"
                  + " :15021/healthz/ready");
      assertThat(decision().localProxy())
          .isEqualTo("Istio's sidecar is not ready by :15021/healthz/ready");

      answer = new TestServer.Answer(503, "no healthy upstream", "server", "envoy");
      try (Response response = client(mesh).newCall(request("/pay")).execute()) {
        assertThat(response.code()).isEqualTo(503);
        assertThat(decision().localProxy()).contains("answered by itself, and is not ready");
        assertThat(decision().proxy().own()).isTrue();
      }
    }
  }

  @Test
  void sidecarThatIsReady_isNotBlamedForA503() throws IOException {
    answer =
        new TestServer.Answer(503, "", "server", "envoy", "x-envoy-upstream-service-time", "3");
    try (MeshClient mesh = builder().meshMode(MeshMode.ISTIO).build();
        Response response = client(mesh).newCall(request("/pay")).execute()) {
      assertThat(response.code()).isEqualTo(503);
      assertThat(decision().localProxy()).isNull();
      assertThat(decision().proxy().own()).isFalse();
    }
  }

  @Test
  void loopback_isNotTheSidecars() throws IOException {
    try (MeshClient mesh = builder().meshMode(MeshMode.ISTIO).build()) {
      Request request =
          new Request.Builder().url("http://localhost:" + sidecar.port() + "/x").build();
      client(mesh).newCall(request).execute().close();

      assertThat(decision().ownership().compact()).isEqualTo("istio: nothing");
      assertThat(decision().toString()).contains(" by the library within istio ");
      assertThat(mesh.ownership(request).reason()).startsWith("this machine");
    }
  }

  @Test
  void ztunnel_leavesLayer7ToTheLibrary() throws IOException {
    answer = new TestServer.Answer(503, "");
    try (MeshClient mesh =
            builder()
                .meshMode(MeshMode.AMBIENT)
                .endpoint("payment", "v1", sidecar.hostPort())
                .endpoint("payment", "v2", sidecar.hostPort())
                .build();
        Response response =
            mesh.okHttpClient()
                .newCall(new Request.Builder().url("http://payment/pay").build())
                .execute()) {
      assertThat(response.code()).isEqualTo(503);
      assertThat(response.header("x-rule")).isEqualTo("applied");
      assertThat(decision().attempts()).hasSize(4);
      assertThat(decision().ownership().isMesh(Capability.MTLS)).isTrue();
      assertThat(decision().ownership().isMesh(Capability.RETRIES)).isFalse();
    }
  }

  @Test
  void failsafeRetries_multiplyAndAreWarnedOf() throws IOException {
    answer = new TestServer.Answer(503, "");
    FailsafePolicies<Response> retries =
        FailsafePolicies.of(
            RetryPolicy.<Response>builder()
                .handleResultIf(response -> response.code() == 503)
                .withMaxAttempts(3)
                .build());
    try (MeshClient mesh = builder().meshMode(MeshMode.ISTIO).failsafe("payment", retries).build();
        Response response = client(mesh).newCall(request("/pay")).execute()) {
      assertThat(response.code()).isEqualTo(503);
      assertThat(sidecar.seen).hasSize(3);
      assertThat(mesh.problems())
          .map(Problem::message)
          .contains(
              "http[3].retries: 3 x 4 = 12 requests for one call at most, by Failsafe's policies, by"
                  + " istio (expected: one layer that retries)");
    }
  }

  @Test
  void rulesThatTheMeshDoesNotRead_areWarnedOf() {
    try (MeshClient mesh = builder().meshMode(MeshMode.LINKERD).build()) {
      assertThat(mesh.problems())
          .map(Problem::toString)
          .filteredOn(p -> p.startsWith("MESH0402"))
          .hasSize(1)
          .allMatch(p -> p.contains("linkerd reads no VirtualService"));
    }
  }

  @Test
  void mutualTls_isLeftWithoutAWarning() {
    try (MeshClient told = builder().meshMode(MeshMode.ISTIO).build();
        MeshClient none = builder().meshMode(MeshMode.NONE).build()) {
      assertThat(told.problems()).noneMatch(p -> p.message().contains("ISTIO_MUTUAL"));
      assertThat(none.problems()).anyMatch(p -> p.message().contains("ISTIO_MUTUAL"));
    }
  }

  @Test
  void mode_comesFromTheEnvironment() {
    try (MeshClient mesh = builder().environment(Map.of("MESH_CLIENT_MODE", "istio")).build()) {
      assertThat(mesh.meshMode()).isEqualTo(MeshMode.ISTIO);
      assertThat(mesh.ownership().evidence()).contains("MESH_CLIENT_MODE: istio");
    }
    try (MeshClient mesh =
        builder()
            .environment(Map.of("MESH_CLIENT_MODE", "istio"))
            .meshMode(MeshMode.NONE)
            .build()) {
      assertThat(mesh.meshMode()).isEqualTo(MeshMode.NONE);
    }
    assertThatThrownBy(() -> builder().environment(Map.of("MESH_CLIENT_MODE", "sidecar")).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "MESH_CLIENT_MODE: \"sidecar\" (expected: auto, none, istio, ambient, waypoint,"
                + " linkerd, consul)");
  }

  @Test
  void close_drainsAndThenTellsTheSidecarToEnd() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    Pod pod = new Pod(root).answers(":15020/quitquitquit", 200);
    try (TestServer slow =
        new TestServer(
            seen -> {
              asked.countDown();
              waitFor(go, 60_000);
              return TestServer.Answer.ok("done");
            })) {
      MeshClient mesh =
          builder()
              .surroundings(pod.surroundings())
              .meshMode(MeshMode.ISTIO)
              .drain(Duration.ofSeconds(20))
              .quitMeshOnClose(true)
              .build();
      Request request = new Request.Builder().url("http://payment:" + slow.port() + "/x").build();
      OkHttpClient http = client(mesh);
      List<Integer> statuses = new CopyOnWriteArrayList<>();
      Thread caller =
          new Thread(
              () -> {
                try (Response response = http.newCall(request).execute()) {
                  statuses.add(response.code());
                } catch (IOException e) {
                  statuses.add(-1);
                }
              });
      caller.start();
      assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
      Thread closer = new Thread(mesh::close);
      closer.start();
      closer.join(100);
      assertThat(closer.isAlive()).as("waits for the call").isTrue();
      assertThat(pod.asked()).doesNotContain("POST :15020/quitquitquit");
      go.countDown();
      closer.join(30_000);
      caller.join(30_000);

      assertThat(statuses).containsExactly(200);
      assertThat(pod.asked()).contains("POST :15020/quitquitquit");
    }
  }
}
