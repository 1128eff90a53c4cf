package io.meshclient;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.istio.ConfigSource;
import io.meshclient.mesh.MeshMode;
import io.meshclient.resilience.BreakerSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same rules with a real Envoy that carries them out, and without one: as many requests. */
@Tag("envoy")
@Timeout(90)
class EnvoySidecarTest {
  private static final String RULES =
      """
      apiVersion: networking.istio.io/v1
      kind: VirtualService
      metadata: {name: payment}
      spec:
        hosts: [payment]
        http:
        - route: [{destination: {host: payment}}]
          retries: {attempts: 3, retryOn: 5xx}
      """;

  /** What Istio makes of the rules for a sidecar, with the one backend of the test. */
  private static final String SIDECAR =
      """
      static_resources:
        listeners:
        - name: outbound
          address: {socket_address: {address: 127.0.0.1, port_value: 0}}
          filter_chains:
          - filters:
            - name: envoy.filters.network.http_connection_manager
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                stat_prefix: outbound
                http_filters:
                - name: envoy.filters.http.router
                  typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
                route_config:
                  virtual_hosts:
                  - name: payment
                    domains: ["*"]
                    include_attempt_count_in_response: true
                    routes:
                    - match: {prefix: /}
                      route:
                        cluster: payment
                        retry_policy: {retry_on: 5xx, num_retries: 3}
        clusters:
        - name: payment
          type: STATIC
          load_assignment:
            cluster_name: payment
            endpoints:
            - lb_endpoints:
              - endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: %d}}}
      """;

  @TempDir Path directory;

  private final List<Decision> decisions = new CopyOnWriteArrayList<>();

  private static OkHttpClient client(MeshClient mesh) {
    return mesh.instrument(
            new OkHttpClient.Builder().dns(name -> List.of(InetAddress.getLoopbackAddress())))
        .build();
  }

  private MeshClientBuilder builder() {
    return MeshClient.builder()
        .environment(Map.of())
        .config(ConfigSource.yaml("rules.yaml", RULES))
        .circuitBreaker(BreakerSettings.GUIDE)
        .onDecision(decisions::add);
  }

  @ParameterizedTest
  @EnumSource(names = {"NONE", "ISTIO"})
  void backendThatAlwaysFails_isAskedFourTimes(MeshMode mode) throws IOException {
    try (TestServer backend = new TestServer(seen -> new TestServer.Answer(503, "no"));
        Envoy envoy = Envoy.start(directory, SIDECAR.formatted(backend.port()));
        MeshClient mesh =
            builder().meshMode(mode).endpoint("payment", backend.hostPort()).build()) {
      int port = mode == MeshMode.NONE ? 80 : envoy.port();
      Request request = new Request.Builder().url("http://payment:" + port + "/pay").build();
      try (Response response = client(mesh).newCall(request).execute()) {
        assertThat(response.code()).isEqualTo(503);
        assertThat(response.body().string()).isEqualTo("no");
      }

      assertThat(backend.seen).as("tries in all, and not 16").hasSize(4);
      assertThat(mesh.circuitBreakers().all().get(0).counts().failures()).isOne();
      Decision decision = decisions.get(0);
      assertThat(decision.attempts()).hasSize(mode == MeshMode.NONE ? 4 : 1);
      if (mode == MeshMode.ISTIO) {
        assertThat(decision.proxy().server()).isEqualTo("envoy");
        assertThat(decision.proxy().attempts()).isEqualTo(4);
        assertThat(decision.proxy().own()).isFalse();
        assertThat(decision.localProxy()).isNull();
      }
    }
  }

  @Test
  void destinationThatRefuses_isTheEnvoysAnswer() throws IOException {
    try (RefusingPort gone = new RefusingPort();
        Envoy envoy = Envoy.start(directory, SIDECAR.formatted(gone.port()));
        MeshClient mesh = builder().meshMode(MeshMode.ISTIO).build()) {
      Request request =
          new Request.Builder().url("http://payment:" + envoy.port() + "/pay").build();
      try (Response response = client(mesh).newCall(request).execute()) {
        assertThat(response.code()).isEqualTo(503);
        assertThat(decisions.get(0).proxy().own()).isTrue();
      }
    }
  }

  @Test
  void offerOfHttp2_isNotRefused() throws IOException {
    try (TestServer backend = new TestServer(seen -> TestServer.Answer.ok("paid"));
        Envoy envoy = Envoy.start(directory, SIDECAR.formatted(backend.port()));
        MeshClient mesh = builder().meshMode(MeshMode.ISTIO).build()) {
      Request request =
          new Request.Builder()
              .url("http://payment:" + envoy.port() + "/pay")
              .header("Connection", "Upgrade, HTTP2-Settings")
              .header("Upgrade", "h2c")
              .header("HTTP2-Settings", "AAMAAABkAAQCAAAAAAIAAAAA")
              .build();
      try (Response response = client(mesh).newCall(request).execute()) {
        assertThat(response.code()).as("Envoy answers 403 to it").isEqualTo(200);
      }
    }
  }
}
