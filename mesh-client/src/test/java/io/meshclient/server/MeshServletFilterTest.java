package io.meshclient.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.MeshClient;
import io.meshclient.identity.ExpectedPeer;
import io.meshclient.identity.IdentityTls;
import io.meshclient.identity.LocalAuthority;
import io.meshclient.identity.SpiffeId;
import io.meshclient.identity.TrustDomain;
import io.meshclient.istio.ConfigSource;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLSocketFactory;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The filter in a real container. */
@Timeout(60)
final class MeshServletFilterTest {
  private static final String POLICY =
      """
      apiVersion: security.istio.io/v1
      kind: AuthorizationPolicy
      metadata: {name: p, namespace: production}
      spec:
        rules:
        - to: [{operation: {paths: ["/open/*", "/async", "/error", "/forward"]}}]
        - from: [{source: {principals: ["cluster.local/ns/production/sa/web"]}}]
          to: [{operation: {paths: ["/secret"]}}]
      """;

  private final AtomicInteger served = new AtomicInteger();
  private final Server server = new Server();
  private MeshClient mesh;

  @AfterEach
  void stop() throws Exception {
    server.stop();
    mesh.close();
  }

  private final class Echo extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      served.incrementAndGet();
      response.setContentType("text/plain");
      response
          .getWriter()
          .print(request.getRequestURI() + " " + name(request) + " " + MeshPeer.current());
    }

    private static String name(HttpServletRequest request) {
      return request.getUserPrincipal() == null ? "-" : request.getUserPrincipal().getName();
    }
  }

  private static final class Waiting extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) {
      AsyncContext later = request.startAsync();
      later.start(() -> later.dispatch("/secret"));
    }
  }

  private static final class Forwarding extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      if (request.getServletPath().equals("/error")) {
        response.sendError(409);
        return;
      }
      try {
        request.getRequestDispatcher("/secret").forward(request, response);
      } catch (jakarta.servlet.ServletException e) {
        throw new IOException(e);
      }
    }
  }

  private int start(String policies, IdentityTls tls) throws Exception {
    mesh =
        MeshClient.builder()
            .environment(Map.of())
            .namespace("production")
            .config(ConfigSource.yaml("policies.yaml", policies))
            .build();
    MeshServletFilter.Builder filter = MeshServletFilter.builder().inboundRules(mesh);
    HttpConfiguration http = new HttpConfiguration();
    ServerConnector connector;
    if (tls == null) {
      connector = new ServerConnector(server, new HttpConnectionFactory(http));
    } else {
      filter.identity(tls);
      SslContextFactory.Server engines = new SslContextFactory.Server();
      engines.setSslContext(tls.serverContext(ExpectedPeer.any(), false));
      engines.setWantClientAuth(true);
      SecureRequestCustomizer secure = new SecureRequestCustomizer();
      secure.setSniHostCheck(false);
      http.addCustomizer(secure);
      connector =
          new ServerConnector(
              server,
              new SslConnectionFactory(engines, "http/1.1"),
              new HttpConnectionFactory(http));
    }
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler();
    FilterHolder holder = new FilterHolder(filter.build());
    holder.setAsyncSupported(true);
    context.addFilter(
        holder,
        "/*",
        EnumSet.of(
            DispatcherType.REQUEST,
            DispatcherType.ASYNC,
            DispatcherType.FORWARD,
            DispatcherType.ERROR));
    context.addServlet(new ServletHolder(new Echo()), "/*");
    ServletHolder waiting = new ServletHolder(new Waiting());
    waiting.setAsyncSupported(true);
    context.addServlet(waiting, "/async");
    context.addServlet(new ServletHolder(new Forwarding()), "/forward");
    context.addServlet(new ServletHolder(new Forwarding()), "/error");
    server.setHandler(context);
    server.start();
    return connector.getLocalPort();
  }

  private static String get(Socket socket, String path, String... headers) throws IOException {
    try (socket) {
      String more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
      socket
          .getOutputStream()
          .write(
              ("GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + more + "\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static Socket plain(int port) throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), port);
  }

  @Test
  void request_is_let_in_or_refused() throws Exception {
    int port = start(POLICY, null);
    assertThat(get(plain(port), "/open/a")).startsWith("HTTP/1.1 200").endsWith("/open/a - null");
    assertThat(get(plain(port), "/secret"))
        .startsWith("HTTP/1.1 403")
        .endsWith("\r\n\r\nRBAC: access denied");
    assertThat(served).hasValue(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/open/../secret",
        "/open/..;/secret",
        "/open/.;/../secret",
        "/open;x=y/../secret",
        "/open/%2e%2e/secret",
        "/open/..%2fsecret",
        "/open/..%5csecret",
        "/open/..\\secret",
        "//secret",
        "/secret;x",
        "/secret/",
        "/secret%00",
        "/%73ecret",
        "/SECRET",
        "/open/%c0%ae%c0%ae/secret",
        "/open//../../secret",
      })
  void other_spelling_of_a_path_does_not_get_in(String path) throws Exception {
    int port = start(POLICY, null);
    assertThat(get(plain(port), path)).matches("(?s)(HTTP/1.1 (400|403|404) .*)?");
    assertThat(served).hasValue(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/async", "/forward"})
  void dispatched_request_is_decided_about_once(String path) throws Exception {
    int port = start(POLICY, null);
    assertThat(get(plain(port), path)).startsWith("HTTP/1.1 200").contains("/secret");
  }

  @Test
  void error_page_of_a_request_that_was_let_in_is_shown() throws Exception {
    int port = start(POLICY, null);
    assertThat(get(plain(port), "/error")).startsWith("HTTP/1.1 409");
  }

  @Test
  void mutual_tls_tells_the_caller() throws Exception {
    LocalAuthority authority = LocalAuthority.of(TrustDomain.parse("cluster.local")).build();
    try (var own = authority.source(id("payment-service"));
        var web = authority.source(id("web"));
        var other = authority.source(id("other"))) {
      int port = start(POLICY, IdentityTls.of(own));
      SSLSocketFactory asWeb =
          IdentityTls.of(web).clientContext(ExpectedPeer.any()).getSocketFactory();
      SSLSocketFactory asOther =
          IdentityTls.of(other).clientContext(ExpectedPeer.any()).getSocketFactory();
      assertThat(get(asWeb.createSocket("127.0.0.1", port), "/secret"))
          .startsWith("HTTP/1.1 200")
          .contains("/secret spiffe://cluster.local/ns/production/sa/web MeshPeer");
      assertThat(get(asOther.createSocket("127.0.0.1", port), "/secret"))
          .startsWith("HTTP/1.1 403");
    }
  }

  @Test
  void strict_refuses_plain_text_without_a_word() throws Exception {
    int port =
        start(
            """
            apiVersion: security.istio.io/v1
            kind: PeerAuthentication
            metadata: {name: p, namespace: production}
            spec: {mtls: {mode: STRICT}}
            """,
            null);
    assertThat(get(plain(port), "/open/a", "x-forwarded-client-cert: URI=spiffe://cluster.local/x"))
        .startsWith("HTTP/1.1 403")
        .endsWith("\r\n\r\n");
    assertThat(served).hasValue(0);
  }

  private static SpiffeId id(String account) {
    return SpiffeId.parse("spiffe://cluster.local/ns/production/sa/" + account);
  }
}
