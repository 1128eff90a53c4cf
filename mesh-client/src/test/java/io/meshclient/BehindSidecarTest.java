package io.meshclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.meshclient.identity.IdentitySource;
import io.meshclient.identity.LocalAuthority;
import io.meshclient.identity.SpiffeId;
import io.meshclient.identity.TrustDomain;
import io.meshclient.istio.ConfigSource;
import io.meshclient.mesh.Basis;
import io.meshclient.mesh.MeshMode;
import io.meshclient.mesh.Pod;
import io.meshclient.server.MeshHttpFilter;
import io.meshclient.server.MeshPeer;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a sidecar in front is believed, and what is left to it; the test stands for the sidecar. */
@Timeout(60)
final class BehindSidecarTest {
  private static final String OWN = "spiffe://cluster.local/ns/production/sa/pay";
  private static final String WEB = "spiffe://cluster.local/ns/production/sa/web";
  private static final String WORD = "By=" + OWN + ";Hash=00;URI=" + WEB;
  private static final String NOBODY =
      """
      apiVersion: security.istio.io/v1
      kind: AuthorizationPolicy
      metadata: {name: nobody, namespace: production}
      spec: {}
      """;
  private static final String WEB_ONLY =
      """
      apiVersion: security.istio.io/v1
      kind: AuthorizationPolicy
      metadata: {name: web, namespace: production}
      spec:
        rules:
        - from: [{source: {principals: ["cluster.local/ns/production/sa/web"]}}]
      """;

  @TempDir Path root;

  private final HttpClient http = HttpClient.newHttpClient();
  private IdentitySource identity;
  private MeshClient mesh;
  private HttpServer server;

  @BeforeEach
  void identify() throws IOException {
    LocalAuthority authority = LocalAuthority.of(TrustDomain.parse("cluster.local")).build();
    identity = authority.source(SpiffeId.parse(OWN));
  }

  @AfterEach
  void stop() {
    server.stop(0);
    mesh.close();
    identity.close();
  }

  private void start(String policies, UnaryOperator<MeshClientBuilder> around) throws IOException {
    start(policies, around, InetAddress.getLoopbackAddress(), false);
  }

  private void start(
      String policies,
      UnaryOperator<MeshClientBuilder> around,
      InetAddress address,
      boolean enforces)
      throws IOException {
    MeshClientBuilder builder =
        MeshClient.builder()
            .environment(Map.of())
            .surroundings(new Pod(root.resolve("bare")).surroundings())
            .namespace("production")
            .config(ConfigSource.yaml("policies.yaml", policies));
    mesh = around.apply(builder).build();
    server = HttpServer.create(new InetSocketAddress(address, 0), 0);
    MeshHttpFilter filter =
        MeshHttpFilter.builder().inboundRules(mesh).enforceBehindMesh(enforces).build();
    server.createContext("/", BehindSidecarTest::answer).getFilters().add(filter);
    server.start();
  }

  private static void answer(HttpExchange exchange) throws IOException {
    MeshPeer peer = MeshPeer.current();
    byte[] body =
        (peer == null ? "unknown" : peer.id().toString()).getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  /** Status and body; just {@code cut} where there was no answer. */
  private String get(String xfcc) throws InterruptedException {
    InetSocketAddress at = server.getAddress();
    URI uri = URI.create("http://" + at.getAddress().getHostAddress() + ":" + at.getPort() + "/");
    HttpRequest request =
        HttpRequest.newBuilder(uri).header("x-forwarded-client-cert", xfcc).build();
    try {
      HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
      return answer.statusCode() + " " + answer.body();
    } catch (IOException e) {
      return "cut";
    }
  }

  private MeshClientBuilder istio(MeshClientBuilder builder) {
    return builder.meshMode(MeshMode.ISTIO).identity(identity);
  }

  @Test
  void caller_is_whom_the_sidecar_names_and_the_sidecar_decides() throws Exception {
    start(NOBODY, this::istio);
    assertThat(get(WORD)).isEqualTo("200 " + WEB);
  }

  @Test
  void confirmed_sidecar_is_believed_as_one_that_was_told() throws Exception {
    Pod pod = new Pod(root).listens(1337, 15001, 15006, 15021).answers(":15021/healthz/ready", 200);
    start(
        NOBODY,
        builder ->
            builder
                .identity(identity)
                .surroundings(pod.surroundings())
                .awaitMesh(Duration.ofSeconds(20)));
    assertThat(mesh.ownership().basis()).isEqualTo(Basis.CONFIRMED);
    assertThat(get(WORD)).isEqualTo("200 " + WEB);
  }

  @Test
  void policies_hold_behind_the_sidecar_too_where_they_are_to() throws Exception {
    start(WEB_ONLY, this::istio, InetAddress.getLoopbackAddress(), true);
    assertThat(get(WORD)).isEqualTo("200 " + WEB);
    assertThat(get("By=" + OWN + ";URI=spiffe://cluster.local/ns/production/sa/other"))
        .isEqualTo("403 RBAC: access denied");
  }

  @Test
  void word_of_another_sidecar_gets_no_answer() throws Exception {
    start("", this::istio);
    assertThat(get("By=spiffe://cluster.local/ns/production/sa/x;URI=" + WEB)).isEqualTo("cut");
    assertThat(get(WORD + ";\"")).isEqualTo("cut");
  }

  @Test
  void caller_is_unknown_where_the_own_id_is() throws Exception {
    start(NOBODY, builder -> builder.meshMode(MeshMode.ISTIO));
    assertThat(mesh.workloadId()).isNull();
    assertThat(get(WORD)).isEqualTo("200 unknown");
  }

  /** Their proxies let by what a client wrote, and read no AuthorizationPolicy's principals. */
  @ParameterizedTest
  @EnumSource(names = {"NONE", "AMBIENT", "LINKERD", "CONSUL"})
  void header_is_anybodys_where_no_sidecar_of_istio_is(MeshMode mode) throws Exception {
    start(WEB_ONLY, builder -> builder.meshMode(mode).identity(identity));
    assertThat(get(WORD)).isEqualTo("403 RBAC: access denied");
  }

  @Test
  void port_alone_makes_nobody_believed() throws Exception {
    Pod pod = new Pod(root).listens(1000, 15001, 15006, 15021);
    start(WEB_ONLY, builder -> builder.identity(identity).surroundings(pod.surroundings()));
    assertThat(mesh.ownership().basis().isSure()).isFalse();
    assertThat(get(WORD)).isEqualTo("403 RBAC: access denied");
  }

  /** A port that is kept from the sidecar is reached from outside of the pod. */
  @Test
  void request_that_came_past_the_sidecar_is_decided_about() throws Exception {
    Optional<InetAddress> outside =
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .filter(a -> a instanceof Inet4Address && !a.isLoopbackAddress())
            .findFirst();
    assumeTrue(outside.isPresent(), "only loopback here");
    start(WEB_ONLY, this::istio, outside.get(), false);
    assertThat(get(WORD)).isEqualTo("403 RBAC: access denied");
  }
}
