package io.meshclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import io.meshclient.identity.ExpectedPeer;
import io.meshclient.identity.IdentityException;
import io.meshclient.identity.TestAuthority;
import io.meshclient.identity.TestIdentity;
import io.meshclient.istio.ConfigSource;
import io.meshclient.istio.Configuration;
import io.meshclient.istio.Problem;
import io.meshclient.mesh.Capability;
import io.meshclient.mesh.MeshMode;
import io.meshclient.mesh.Pod;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class MutualTlsTest {
  private static final String WEB = "spiffe://cluster.local/ns/shop/sa/web";
  private static final String PAY = "spiffe://cluster.local/ns/shop/sa/pay";
  private static final Duration LIFE = Duration.ofMinutes(10);
  private static final TestAuthority AUTHORITY = new TestAuthority("cluster.local");
  private static final TestAuthority OTHER = new TestAuthority("other");

  private final TestIdentity web = new TestIdentity(AUTHORITY.identity(WEB, LIFE));
  private final TestIdentity pay = new TestIdentity(AUTHORITY.identity(PAY, LIFE));
  private final List<AutoCloseable> toClose = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable closeable : toClose) {
      closeable.close();
    }
  }

  private MutualServer server() throws IOException {
    MutualServer server = new MutualServer(pay, true);
    toClose.add(server);
    return server;
  }

  private static String rule(String tls) {
    return """
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: {name: pay, namespace: shop}
        spec:
          host: pay.shop.svc.cluster.local
          trafficPolicy:
            tls: %s
        """
        .formatted(tls);
  }

  private MeshClientBuilder builder(MutualServer server) {
    return MeshClient.builder()
        .environment(Map.of())
        .service("web")
        .namespace("shop")
        .identity(web)
        .endpoint("pay", server.hostPort());
  }

  private MeshClient build(MeshClientBuilder builder) {
    MeshClient mesh = builder.build();
    toClose.add(mesh);
    return mesh;
  }

  private MeshClient mesh(MutualServer server, String tls) {
    return build(builder(server).config(ConfigSource.yaml("rules.yaml", rule(tls))));
  }

  private static Request request() {
    return new Request.Builder().url("http://pay.shop:8080/x").build();
  }

  private static String get(MeshClient mesh) throws IOException {
    try (Response response = mesh.okHttpClient().newCall(request()).execute()) {
      return response.code() + " " + response.body().string();
    }
  }

  @Test
  void istioMutual_provesBothEnds_overOneConnection() throws IOException {
    MutualServer server = server();
    MeshClient mesh = mesh(server, "{mode: ISTIO_MUTUAL}");
    assertThat(mesh.problems()).isEmpty();
    for (int i = 0; i < 3; i++) {
      assertThat(get(mesh)).isEqualTo("200 " + WEB);
    }
    assertThat(server.clientPorts).hasSize(1);
  }

  @Test
  void mutualTls_needsNoRule_andARuleComesFirst() throws IOException {
    MutualServer server = server();
    assertThat(get(build(builder(server).mutualTls("pay")))).isEqualTo("200 " + WEB);
    MeshClient plain =
        build(
            builder(server)
                .mutualTls("*")
                .config(ConfigSource.yaml("rules.yaml", rule("{mode: DISABLE}"))));
    assertThat(get(plain)).startsWith("503 ");
  }

  @Test
  void sidecarByAPortsWord_doesNotTakeMutualTlsAway(@TempDir Path root) throws IOException {
    Pod pod = new Pod(root).listens(1337, 15001, 15021);
    MeshClient mesh =
        build(
            builder(server())
                .surroundings(pod.surroundings())
                .config(ConfigSource.yaml("rules.yaml", rule("{mode: ISTIO_MUTUAL}"))));

    assertThat(mesh.meshMode()).isEqualTo(MeshMode.ISTIO);
    assertThat(mesh.ownership().isMesh(Capability.ROUTING)).isTrue();
    assertThat(get(mesh)).isEqualTo("200 " + WEB);
    assertThat(mesh.ownership(request()).reason())
        .isEqualTo("it goes out by mutual TLS, which is the library's until the mesh is confirmed");
    assertThat(mesh.ownership(request()).isMesh(Capability.ROUTING)).isFalse();
  }

  @Test
  void ztunnel_takesMutualTlsOverOnlyIfItIsTold(@TempDir Path root) throws IOException {
    Pod pod =
        new Pod(root)
            .listens(0, 15001, 15006, 15008)
            .annotation("ambient.istio.io/redirection", "enabled");
    ConfigSource rules = ConfigSource.yaml("rules.yaml", rule("{mode: ISTIO_MUTUAL}"));
    MutualServer server = server();
    MeshClient seen = build(builder(server).surroundings(pod.surroundings()).config(rules));
    MeshClient told = build(builder(server).meshMode(MeshMode.AMBIENT).config(rules));

    assertThat(seen.meshMode()).isEqualTo(MeshMode.AMBIENT);
    assertThat(get(seen)).isEqualTo("200 " + WEB);
    assertThat(get(told)).as("plain text, which ztunnel would take").startsWith("503 ");
  }

  @Test
  void mutualTls_withoutIdentity_isNotBuilt() {
    assertThatThrownBy(() -> MeshClient.builder().mutualTls("pay").build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("mutualTls: without an identity (expected: identity(...))");
  }

  @Test
  void enqueuedCall_provesBothEnds() throws Exception {
    CompletableFuture<String> answer = new CompletableFuture<>();
    mesh(server(), "{mode: ISTIO_MUTUAL}")
        .okHttpClient()
        .newCall(request())
        .enqueue(
            new Callback() {
              @Override
              public void onFailure(Call call, IOException e) {
                answer.completeExceptionally(e);
              }

              @Override
              public void onResponse(Call call, Response response) throws IOException {
                answer.complete(response.body().string());
              }
            });
    assertThat(answer.get(30, TimeUnit.SECONDS)).isEqualTo(WEB);
  }

  @Test
  void subjectAltNames_decideWhoIsExpected_andTheFailureNamesBoth() throws IOException {
    MutualServer server = server();
    String names = "{mode: ISTIO_MUTUAL, subjectAltNames: [spiffe://cluster.local/ns/shop/sa/%s]}";
    assertThat(get(mesh(server, names.formatted("pay")))).isEqualTo("200 " + WEB);
    assertThatThrownBy(() -> get(mesh(server, names.formatted("books"))))
        .isInstanceOf(PeerIdentityException.class)
        .hasMessage(
            "pay.shop.svc.cluster.local: peer: "
                + PAY
                + " (expected: spiffe://cluster.local/ns/shop/sa/books)");
  }

  @Test
  void subjectAltName_thatIsNoSpiffeId_isAProblem_andNobody() throws IOException {
    MeshClient mesh = mesh(server(), "{mode: ISTIO_MUTUAL, subjectAltNames: [pay.shop]}");
    assertThat(mesh.problems())
        .extracting(Problem::toString)
        .singleElement()
        .asString()
        .contains("\"pay.shop\" is nobody's");
    assertThatThrownBy(() -> get(mesh))
        .isInstanceOf(MeshCallException.class)
        .hasMessageContaining("who is to be there is not known");
  }

  @Test
  void peer_goesBeforeRules() throws IOException {
    MeshClientBuilder builder =
        builder(server())
            .config(ConfigSource.yaml("rules.yaml", rule("{mode: ISTIO_MUTUAL}")))
            .peer("pay", ExpectedPeer.parse("spiffe://cluster.local/ns/shop/sa/books"));
    assertThatThrownBy(() -> get(build(builder))).isInstanceOf(PeerIdentityException.class);
  }

  @Test
  void peerOfAnotherNamespace_isRefused_whereNoAccountIsKnown() throws IOException {
    pay.set(AUTHORITY.identity("spiffe://cluster.local/ns/elsewhere/sa/pay", LIFE));
    assertThatThrownBy(() -> get(mesh(server(), "{mode: ISTIO_MUTUAL}")))
        .isInstanceOf(PeerIdentityException.class)
        .hasMessageContaining("(expected: spiffe://cluster.local/ns/shop/*)");
  }

  @Test
  void peerOfAnotherTrustDomain_isRefused_withTheReason() throws IOException {
    pay.set(OTHER.identity("spiffe://other/ns/shop/sa/pay", LIFE, AUTHORITY));
    assertThatThrownBy(() -> get(mesh(server(), "{mode: ISTIO_MUTUAL}")))
        .isInstanceOf(PeerIdentityException.class)
        .hasMessageContaining("no bundle of its trust domain");
  }

  @Test
  void serviceAccountOfTheEndpoints_isExpected() throws IOException {
    MutualServer server = server();
    String pods =
        """
        apiVersion: v1
        kind: Service
        metadata: {name: pay, namespace: shop}
        spec:
          selector: {app: pay}
          ports: [{name: http, port: 8080, targetPort: %d}]
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: pay-1, namespace: shop, labels: {app: pay}}
        spec: {%s containers: [{name: pay}]}
        status: {podIP: 127.0.0.1, phase: Running, conditions: [{type: Ready, status: "True"}]}
        """;
    assertThat(get(known(pods.formatted(server.port(), "serviceAccountName: pay,"))))
        .isEqualTo("200 " + WEB);
    assertThatThrownBy(
            () -> get(known(pods.formatted(server.port(), "serviceAccountName: books,"))))
        .isInstanceOf(PeerIdentityException.class)
        .hasMessageContaining("/sa/books)");
    assertThatThrownBy(() -> get(known(pods.formatted(server.port(), ""))))
        .isInstanceOf(PeerIdentityException.class)
        .hasMessageContaining("/sa/default)");
  }

  private MeshClient known(String pods) {
    return build(
        MeshClient.builder()
            .environment(Map.of())
            .namespace("shop")
            .identity(web)
            .config(ConfigSource.yaml("pods.yaml", pods))
            .config(ConfigSource.yaml("rules.yaml", rule("{mode: ISTIO_MUTUAL}"))));
  }

  @Test
  void trustDomainAndAliases_ofTheMesh_areExpected() throws IOException {
    MutualServer server = server();
    MeshClientBuilder builder = builder(server).mutualTls("pay");
    assertThatThrownBy(() -> get(build(builder.meshConfig("trustDomain: elsewhere"))))
        .isInstanceOf(PeerIdentityException.class)
        .hasMessageContaining("spiffe://elsewhere/ns/shop/*");
    MeshClientBuilder aliased = builder(server).mutualTls("pay");
    String mesh = "trustDomain: elsewhere\ntrustDomainAliases: [cluster.local]";
    assertThat(get(build(aliased.meshConfig(mesh)))).isEqualTo("200 " + WEB);
  }

  @Test
  void otherExpectation_takesNoConnectionOfTheOneBefore() throws IOException {
    MeshClient mesh = mesh(server(), "{mode: ISTIO_MUTUAL}");
    assertThat(get(mesh)).isEqualTo("200 " + WEB);
    mesh.apply(
        Configuration.read(
            ConfigSource.yaml(
                "rules.yaml",
                rule("{mode: ISTIO_MUTUAL, subjectAltNames: [spiffe://cluster.local/x]}"))));
    assertThatThrownBy(() -> get(mesh)).isInstanceOf(PeerIdentityException.class);
  }

  @Test
  void rotation_takesANewConnection_andClosesTheOld() throws IOException {
    MutualServer server = server();
    MeshClient mesh = mesh(server, "{mode: ISTIO_MUTUAL}");
    assertThat(get(mesh)).isEqualTo("200 " + WEB);
    web.set(AUTHORITY.identity(WEB + "-2", LIFE));
    assertThat(get(mesh)).isEqualTo("200 " + WEB + "-2");
    assertThat(server.clientPorts).hasSize(2);
    assertThat(mesh.stages().tls().rotated().size()).isEqualTo(1);
  }

  @Test
  void rotationOfTheServer_endsConnectionsWithTheirNextAnswer() throws IOException {
    MutualServer server = server();
    MeshClient mesh = mesh(server, "{mode: ISTIO_MUTUAL}");
    assertThat(get(mesh)).isEqualTo("200 " + WEB);
    pay.set(AUTHORITY.identity(PAY, LIFE));
    for (int i = 0; i < 3; i++) {
      assertThat(get(mesh)).isEqualTo("200 " + WEB);
    }
    assertThat(server.clientPorts).hasSize(2);
  }

  @Test
  void expiredIdentity_sendsNothing() throws IOException {
    MutualServer server = server();
    MeshClient mesh = mesh(server, "{mode: ISTIO_MUTUAL}");
    assertThat(get(mesh)).isEqualTo("200 " + WEB);
    web.set(AUTHORITY.identity(WEB, Duration.ofSeconds(-1)));
    assertThatThrownBy(() -> get(mesh))
        .isInstanceOf(IdentityException.class)
        .hasMessageContaining("expired at");
    web.set(null);
    assertThatThrownBy(() -> get(mesh)).isInstanceOf(IdentityException.class);
    assertThat(server.clientPorts).hasSize(1);
  }

  @Test
  void mirror_goesOutByMutualTlsToo() throws Exception {
    MutualServer copies = server();
    String route =
        """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: pay, namespace: shop}
        spec:
          hosts: [pay]
          http:
            - route: [{destination: {host: pay}}]
              mirror: {host: copies}
        """;
    MeshClient mesh =
        build(
            builder(server())
                .mutualTls("*")
                .endpoint("copies", copies.hostPort())
                .config(ConfigSource.yaml("route.yaml", route)));
    assertThat(get(mesh)).isEqualTo("200 " + WEB);
    while (copies.clientPorts.isEmpty()) {
      Thread.onSpinWait();
    }
  }

  @Test
  void http2_isAgreedOn_inTheHandshake(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("pay.p12");
    TwoProcessesTest.write(AUTHORITY.identity(PAY, LIFE), file);
    WireMockServer server =
        new WireMockServer(
            WireMockConfiguration.wireMockConfig()
                .dynamicPort()
                .dynamicHttpsPort()
                .keystoreType("PKCS12")
                .keystorePath(file.toString())
                .keystorePassword(new String(TwoProcessesTest.PASSWORD))
                .keyManagerPassword(new String(TwoProcessesTest.PASSWORD)));
    server.start();
    toClose.add(server::stop);
    server.stubFor(WireMock.any(WireMock.anyUrl()).willReturn(WireMock.ok("pay")));
    MeshClient mesh =
        build(
            MeshClient.builder()
                .environment(Map.of())
                .namespace("shop")
                .identity(web)
                .mutualTls("*")
                .endpoint("pay", "127.0.0.1:" + server.httpsPort()));
    for (int i = 0; i < 2; i++) {
      try (Response response = mesh.okHttpClient().newCall(request()).execute()) {
        assertThat(response.protocol()).isEqualTo(Protocol.HTTP_2);
        assertThat(response.body().string()).isEqualTo("pay");
      }
      web.set(AUTHORITY.identity(WEB, LIFE));
    }
  }

  @Test
  void body_isSentOnce_whenTheServerHasRotated() throws IOException {
    MeshClient mesh = mesh(server(), "{mode: ISTIO_MUTUAL}");
    Request post = request().newBuilder().post(RequestBody.create("x", null)).build();
    for (int i = 0; i < 4; i++) {
      try (Response response = mesh.okHttpClient().newCall(post).execute()) {
        assertThat(response.body().string()).isEqualTo(WEB);
      }
      pay.set(AUTHORITY.identity(PAY, LIFE));
    }
  }
}
