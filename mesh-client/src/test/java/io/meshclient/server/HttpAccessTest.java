package io.meshclient.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.meshclient.MeshClient;
import io.meshclient.access.AccessPolicy;
import io.meshclient.access.TestIssuer;
import io.meshclient.identity.ExpectedPeer;
import io.meshclient.identity.IdentitySource;
import io.meshclient.identity.IdentityTls;
import io.meshclient.identity.LocalAuthority;
import io.meshclient.identity.SpiffeId;
import io.meshclient.identity.TestIdentity;
import io.meshclient.identity.TrustDomain;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Policies before a handler of the JDK's servers. */
@Timeout(120)
final class HttpAccessTest {
  private static final TestIssuer ISSUER = new TestIssuer();
  private static final String WEB_ONLY =
      """
      apiVersion: security.istio.io/v1
      kind: AuthorizationPolicy
      metadata: {name: web, namespace: production}
      spec:
        rules:
        - from: [{source: {principals: ["cluster.local/ns/production/sa/web"]}}]
        - to: [{operation: {paths: ["/open/*"]}}]
      """;
  private static final String NOBODY =
      """
      apiVersion: security.istio.io/v1
      kind: AuthorizationPolicy
      metadata: {name: web, namespace: production}
      spec: {}
      """;
  private static final String STRICT =
      """
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: {name: p, namespace: production}
      spec: {mtls: {mode: STRICT}}
      """;

  @TempDir Path directory;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicInteger served = new AtomicInteger();
  private final List<AutoCloseable> opened = new ArrayList<>();
  private LocalAuthority authority;
  private Path config;
  private MeshClient mesh;
  private HttpServer server;

  @BeforeEach
  void found() throws IOException {
    authority = LocalAuthority.of(TrustDomain.parse("cluster.local")).build();
    config = directory.resolve("policies.yaml");
  }

  @AfterEach
  void stop() throws Exception {
    server.stop(0);
    threads.shutdownNow();
    for (AutoCloseable each : opened) {
      each.close();
    }
  }

  private MeshHttpFilter.Builder filter(String policies) throws IOException {
    Files.writeString(config, policies);
    mesh =
        MeshClient.builder()
            .environment(Map.of())
            .namespace("production")
            .authorizer(
                "broken",
                (request, principal) -> {
                  throw new IllegalStateException("injected");
                })
            .config(config)
            .build();
    opened.add(mesh);
    return MeshHttpFilter.builder().inboundRules(mesh);
  }

  private IdentitySource identity(String account) {
    IdentitySource source =
        authority.source(SpiffeId.parse("spiffe://cluster.local/ns/production/sa/" + account));
    opened.add(source);
    return source;
  }

  private void start(MeshHttpFilter.Builder filter, @Nullable IdentityTls tls) throws IOException {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    if (tls == null) {
      server = HttpServer.create(any, 0);
    } else {
      HttpsServer secured = HttpsServer.create(any, 0);
      secured.setHttpsConfigurator(
          new HttpsConfigurator(tls.serverContext(ExpectedPeer.any(), false)));
      server = secured;
    }
    server.setExecutor(threads);
    HttpContext context = server.createContext("/", this::answer);
    context.getFilters().add(filter.build());
    server.start();
  }

  private void answer(HttpExchange exchange) throws IOException {
    served.incrementAndGet();
    MeshCaller caller = MeshCaller.current();
    String words =
        String.join(
            " ",
            exchange.getRequestURI().toString(),
            caller.getName(),
            String.valueOf(exchange.getRequestHeaders().get("authorization")),
            String.valueOf(exchange.getRequestHeaders().get("x-sub")),
            String.valueOf(caller.claims().get("team")));
    byte[] body = words.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private Socket as(IdentitySource caller) throws IOException {
    return IdentityTls.of(caller)
        .clientContext(ExpectedPeer.any())
        .getSocketFactory()
        .createSocket("127.0.0.1", server.getAddress().getPort());
  }

  private Socket plain() throws IOException {
    return new Socket("127.0.0.1", server.getAddress().getPort());
  }

  /** All that came back; nothing where the connection was cut. */
  private static String get(Socket socket, String path, String... headers) {
    try (socket) {
      String more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
      String head = "GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + more + "\r\n";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  @Test
  void principal_of_the_certificate_decides() throws Exception {
    IdentityTls own = IdentityTls.of(identity("pay"));
    start(filter(WEB_ONLY).identity(own), own);
    assertThat(get(as(identity("web")), "/pay"))
        .startsWith("HTTP/1.1 200")
        .contains("/pay spiffe://cluster.local/ns/production/sa/web");
    assertThat(get(as(identity("other")), "/pay"))
        .startsWith("HTTP/1.1 403")
        .endsWith("RBAC: access denied");
    assertThat(served).hasValue(1);
  }

  @Test
  void grpc_client_is_refused_in_its_own_way() throws Exception {
    IdentityTls own = IdentityTls.of(identity("pay"));
    start(filter(WEB_ONLY).identity(own), own);
    String answer = get(as(identity("other")), "/pay", "Content-Type: application/grpc+proto");
    assertThat(answer.toLowerCase(Locale.ROOT))
        .startsWith("http/1.1 200")
        .contains("content-type: application/grpc\r\n", "grpc-status: 7\r\n")
        .contains("grpc-message: rbac: access denied\r\n")
        .endsWith("\r\n\r\n");
    assertThat(served).hasValue(0);
  }

  @Test
  void reload_to_deny_holds_for_the_next_request() throws Exception {
    IdentityTls own = IdentityTls.of(identity("pay"));
    start(filter(WEB_ONLY).identity(own), own);
    assertThat(get(as(identity("web")), "/pay")).startsWith("HTTP/1.1 200");
    AccessPolicy before = mesh.accessPolicy();
    Files.writeString(config, NOBODY);
    while (mesh.accessPolicy().equals(before)) {
      Thread.onSpinWait();
    }
    assertThat(get(as(identity("web")), "/pay")).startsWith("HTTP/1.1 403");
    assertThat(served).hasValue(1);
  }

  @Test
  void strict_cuts_plain_text_and_who_shows_nothing() throws Exception {
    start(filter(STRICT), null);
    assertThat(get(plain(), "/pay")).isEmpty();
    assertThat(get(plain(), "/pay", "x-forwarded-client-cert: URI=spiffe://cluster.local/x"))
        .isEmpty();
    assertThat(served).hasValue(0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/open/../pay",
        "/open/%2e%2e/pay",
        "/open/..%2fpay",
        "/x/../open/a",
        "/open/..%5cpay",
        "/open//../../pay",
        "//open/a",
      })
  void path_that_reads_otherwise_does_not_get_to_a_handler(String path) throws Exception {
    start(filter(WEB_ONLY), null);
    assertThat(get(plain(), path)).matches("(?s)HTTP/1.1 (400|403|404).*");
    assertThat(served).hasValue(0);
  }

  @Test
  void handler_sees_the_request_as_it_was_decided_about() throws Exception {
    String policy =
        """
        apiVersion: security.istio.io/v1
        kind: RequestAuthentication
        metadata: {name: jwt, namespace: production}
        spec:
          jwtRules:
          - issuer: https://issuer.example
            jwks: '%s'
            outputClaimToHeaders: [{header: x-sub, claim: sub}]
        """
            .formatted(TestIssuer.jwks(ISSUER.rsaJwk(",\"kid\":\"k\"")));
    IdentityTls own = IdentityTls.of(identity("pay"));
    start(filter(policy).identity(own), own);
    String token =
        ISSUER.token(
            """
            {"iss":"https://issuer.example","sub":"alice","team":"red","exp":4102444800}""");
    assertThat(get(as(identity("web")), "/pay", "Authorization: Bearer " + token, "x-sub: forged"))
        .startsWith("HTTP/1.1 200")
        .endsWith("/pay https://issuer.example/alice null [alice] red");
    assertThat(get(as(identity("web")), "/pay", "Authorization: Bearer " + token + "x"))
        .startsWith("HTTP/1.1 401");
  }

  @Test
  void exempt_path_is_open_and_no_other_spelling_of_it() throws Exception {
    start(filter(NOBODY).exemptFromAccess("/healthz"), null);
    assertThat(get(plain(), "/healthz")).startsWith("HTTP/1.1 200");
    assertThat(get(plain(), "/healthz/../pay")).startsWith("HTTP/1.1 403");
    assertThat(get(plain(), "/healthz;/pay")).startsWith("HTTP/1.1 403");
    assertThat(get(plain(), "/healthzz")).startsWith("HTTP/1.1 403");
    assertThat(served).hasValue(1);
  }

  @Test
  void policy_that_throws_denies() throws Exception {
    start(
        filter(
            """
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata: {name: custom, namespace: production}
            spec:
              action: CUSTOM
              provider: {name: broken}
              rules: [{}]
            """),
        null);
    assertThat(get(plain(), "/pay")).startsWith("HTTP/1.1 403");
    assertThat(served).hasValue(0);
  }

  @Test
  void peer_that_cannot_be_told_gets_no_answer() throws Exception {
    IdentityTls own = IdentityTls.of(identity("pay"));
    start(filter(WEB_ONLY).identity(IdentityTls.of(new TestIdentity(null))), own);
    assertThat(get(as(identity("web")), "/pay")).isEmpty();
    assertThat(served).hasValue(0);
  }
}
