package io.meshclient.cli.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.identity.ExpectedPeer;
import io.meshclient.identity.IdentitySource;
import io.meshclient.identity.IdentityTls;
import io.meshclient.identity.LocalAuthority;
import io.meshclient.identity.SpiffeId;
import io.meshclient.identity.TrustDomain;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ways around the policies of the inbound proxy: none gets in. */
@Timeout(60)
final class InboundAttacksTest {
  private static final String OPEN_ONLY = TestInbound.allow("\"/open/*\"");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/admin",
        "/",
        "/open/../admin",
        "/open/./../admin",
        "/open/%2e%2e/admin",
        "/open/.%2E/admin",
        "/open\\..\\..\\admin",
        "/open/..\\admin",
        "/OPEN/a",
        "/open",
        "/open;/a",
        "//open/a",
        "/./admin/../admin",
        "/open/../../../admin",
        "/open%00/../admin",
        "/%6fpenx/a",
        "http://a/admin",
        "/open/%zz/../../admin",
        "/open/a#",
        "*",
      })
  void path_that_leads_elsewhere_does_not_get_in(String path) throws IOException {
    try (RawServer service = RawServer.saying("served");
        TestInbound proxy = TestInbound.before(service, OPEN_ONLY)) {
      RawClient.Answer answer =
          RawClient.exchange(proxy.port(), "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(answer.status()).isIn(400, 403, 404);
      assertThat(service.received()).isEmpty();
    }
  }

  /** The service gets the path that was matched, and not the one that was sent. */
  @ParameterizedTest
  @CsvSource({
    "/open/a, /open/a",
    "/x/../open/a, /open/a",
    "/open/./a, /open/a",
    "/%6fpen/a, /open/a",
    "/open\\a, /open/a",
    "/open/a|b^?q=|^, /open/a%7Cb%5E?q=|^",
    "http://a/open/a?x=/../, /open/a?x=/../",
  })
  void service_gets_the_path_that_was_matched(String sent, String got) throws IOException {
    try (RawServer service = RawServer.saying("served");
        TestInbound proxy = TestInbound.before(service, OPEN_ONLY)) {
      RawClient.Answer answer =
          RawClient.exchange(proxy.port(), "GET " + sent + " HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(answer.body()).isEqualTo("served");
      assertThat(service.received().get(0).line()).isEqualTo("GET " + got + " HTTP/1.1");
    }
  }

  @Test
  void headers_pass_as_they_came_and_forged_ones_do_not() throws IOException {
    try (RawServer service = RawServer.saying("served");
        TestInbound proxy = TestInbound.before(service, "")) {
      RawClient.exchange(
          proxy.port(),
          RawClient.head(
              "GET / HTTP/1.1",
              "hOST: A.b:80",
              "X-Two: 1",
              "x_under: u",
              "X-two: 2",
              "X-Forwarded-Client-Cert: URI=spiffe://cluster.local/ns/production/sa/web",
              "x-forwarded-for: 10.0.0.1",
              "x-envoy-retry-on: 5xx",
              "TE: gzip, trailers"));
      List<String> head = service.received().get(0).head();
      assertThat(head.subList(0, 5))
          .containsExactly("GET / HTTP/1.1", "Host: A.b:80", "X-Two: 1", "x_under: u", "X-two: 2");
      assertThat(head)
          .contains("X-Forwarded-For: 10.0.0.1", "x-forwarded-proto: http", "TE: trailers");
      assertThat(String.join("\n", head).toLowerCase(java.util.Locale.ROOT))
          .doesNotContain("client-cert", "x-envoy", "user-agent");
    }
  }

  @Test
  void refusal_tells_nothing() throws IOException {
    try (RawServer service = RawServer.saying("served");
        TestInbound proxy = TestInbound.before(service, OPEN_ONLY)) {
      RawClient.Answer answer =
          RawClient.exchange(proxy.port(), "GET /x HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(answer.head())
          .containsExactlyInAnyOrder(
              "HTTP/1.1 403 Forbidden", "Content-Type: text/plain", "Content-Length: 19");
      assertThat(answer.body()).isEqualTo("RBAC: access denied");
    }
  }

  @Test
  void service_that_is_down_is_answered_for_in_envoys_words() throws IOException {
    try (RefusingPort port = new RefusingPort();
        TestInbound proxy = TestInbound.before(port.port(), "", null)) {
      RawClient.Answer answer =
          RawClient.exchange(proxy.port(), "GET /x HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.body())
          .isEqualTo(
              "upstream connect error or disconnect/reset before headers. reset reason: remote"
                  + " connection failure, transport failure reason: delayed connect error:"
                  + " Connection refused");
    }
  }

  @Test
  void reload_to_deny_lets_requests_under_way_end_and_refuses_the_next() throws Exception {
    CountDownLatch came = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    RawServer.Script slow =
        (request, out) -> {
          came.countDown();
          go.await();
          out.write(Wire.bytes(RawServer.ok("served")));
        };
    try (RawServer service = new RawServer(slow);
        TestInbound proxy = TestInbound.before(service, OPEN_ONLY);
        RawClient client = new RawClient(proxy.port())) {
      client.send("GET /open/a HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(came.await(20, TimeUnit.SECONDS)).isTrue();
      proxy.reload(TestInbound.allow("\"/other\""));
      go.countDown();
      assertThat(client.answer().body()).isEqualTo("served");
      client.send("GET /open/a HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(client.answer().status()).isEqualTo(403);
      assertThat(service.received()).hasSize(1);
    }
  }

  @Test
  void reload_to_strict_cuts_plain_connections_off() throws Exception {
    try (RawServer service = RawServer.saying("served");
        TestInbound proxy = TestInbound.before(service, TestInbound.peerMode("PERMISSIVE"));
        RawClient client = new RawClient(proxy.port())) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(client.answer().body()).isEqualTo("served");
      proxy.reload(TestInbound.peerMode("STRICT"));
      client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(client.isCutOff()).isTrue();
      try (RawClient next = new RawClient(proxy.port())) {
        next.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(next.isCutOff()).isTrue();
      }
      assertThat(service.received()).hasSize(1);
    }
  }

  @Test
  void mutual_tls_tells_the_service_who_calls_beside_what_was_claimed() throws Exception {
    LocalAuthority mesh = LocalAuthority.of(TrustDomain.parse("cluster.local")).build();
    LocalAuthority other = LocalAuthority.of(TrustDomain.parse("other.example")).build();
    try (RawServer service = RawServer.saying("served");
        TestInbound proxy =
            TestInbound.before(service.port(), "", mesh.source(id("cluster.local", "pay")));
        IdentitySource web = mesh.source(id("cluster.local", "web"));
        IdentitySource stranger = other.source(id("other.example", "web"))) {
      assertThat(tls(proxy.port(), web, "istio-http/1.1", "http/1.1")).contains("200");
      assertThat(service.received().get(0).value("x-forwarded-client-cert"))
          .matches(
              "URI=spiffe://forged/x,By=spiffe://cluster.local/ns/production/sa/pay;"
                  + "Hash=[0-9a-f]{64};Subject=\"[^\"]*\";URI=spiffe://cluster.local/ns/production/sa/web");
      assertThat(service.received().get(0).value("x-forwarded-proto")).isEqualTo("https");
      assertThat(tls(proxy.port(), web, "http/1.1")).isEmpty();
      assertThat(tls(proxy.port(), web)).isEmpty();
      assertThat(tls(proxy.port(), stranger, "istio")).isEmpty();
      assertThat(service.received()).hasSize(1);
      proxy.reload(TestInbound.peerMode("STRICT"));
      assertThat(tls(proxy.port(), web)).contains("200");
      proxy.reload(TestInbound.peerMode("DISABLE"));
      assertThat(tls(proxy.port(), web, "istio")).isEmpty();
    }
  }

  /** Who writes a byte at a time holds nobody up, and is cut off when the time is up. */
  @Test
  void slow_head_is_cut_off_and_holds_nobody_up() throws Exception {
    try (RawServer service = RawServer.saying("served");
        TestInbound proxy = TestInbound.before(service, "");
        RawClient slow = new RawClient(proxy.port())) {
      for (char c : "GET / HTTP/1.1\r\nHos".toCharArray()) {
        slow.send(String.valueOf(c));
        assertThat(RawClient.exchange(proxy.port(), "GET / HTTP/1.1\r\nHost: a\r\n\r\n").status())
            .isEqualTo(200);
      }
      proxy.sweepAsOf(System.nanoTime() + HeadTimes.MOST_NANOS + 1);
      assertThat(slow.isCutOff()).isTrue();
    }
  }

  private static SpiffeId id(String domain, String account) {
    return SpiffeId.parse("spiffe://" + domain + "/ns/production/sa/" + account);
  }

  /** The status line; empty where the connection was cut off. */
  private static String tls(int port, IdentitySource identity, String... alpn) {
    try (SSLSocket socket =
        (SSLSocket)
            IdentityTls.of(identity)
                .clientContext(ExpectedPeer.any())
                .getSocketFactory()
                .createSocket("127.0.0.1", port)) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(alpn);
      socket.setSSLParameters(parameters);
      socket
          .getOutputStream()
          .write(
              Wire.bytes(
                  "GET / HTTP/1.1\r\nHost: a\r\nx-forwarded-client-cert: URI=spiffe://forged/x\r\n\r\n"));
      InputStream in = new BufferedInputStream(socket.getInputStream());
      return Wire.line(in);
    } catch (IOException e) {
      return "";
    }
  }
}
