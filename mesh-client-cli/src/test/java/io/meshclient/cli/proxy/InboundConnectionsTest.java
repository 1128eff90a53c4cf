package io.meshclient.cli.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.identity.ExpectedPeer;
import io.meshclient.identity.IdentitySource;
import io.meshclient.identity.IdentityTls;
import io.meshclient.identity.LocalAuthority;
import io.meshclient.identity.SpiffeId;
import io.meshclient.identity.TrustDomain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How long connections to the inbound proxy live, and what goes on in them. */
@Timeout(120)
final class InboundConnectionsTest {
  private static final String WEB_ONLY =
      """
      ---
      apiVersion: security.istio.io/v1
      kind: AuthorizationPolicy
      metadata: {name: web, namespace: production}
      spec:
        rules:
        - from: [{source: {principals: ["cluster.local/ns/production/sa/web"]}}]
      """;

  @Test
  void slow_later_head_is_cut_off() throws Exception {
    try (RawServer service = RawServer.saying("served");
        TestInbound proxy = TestInbound.before(service, "");
        RawClient slow = new RawClient(proxy.port())) {
      assertThat(slow.send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n").answer().body())
          .isEqualTo("served");
      slow.send("GET /2 HTTP/1.1\r\nHos");
      CompletableFuture<Boolean> end = CompletableFuture.supplyAsync(() -> isCutOff(slow));
      while (!end.isDone()) { // the answer is there before the time of the next head begins
        proxy.sweepAsOf(System.nanoTime() + HeadTimes.IDLE_NANOS + 1);
      }
      assertThat(end.get()).isTrue();
      assertThat(service.received()).hasSize(1);
    }
  }

  @Test
  void body_that_does_not_move_ends_the_connection() throws Exception {
    try (RawServer service = RawServer.saying("served");
        TestInbound proxy = TestInbound.impatient(service);
        RawClient slow = new RawClient(proxy.port())) {
      slow.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf");
      assertThat(slow.in().readAllBytes()).asString().doesNotContain("served");
      assertThat(RawClient.exchange(proxy.port(), "GET / HTTP/1.1\r\nHost: a\r\n\r\n").status())
          .isEqualTo(200);
    }
  }

  @Test
  void continue_is_said_to_whom_is_let_in() throws Exception {
    try (RawServer service = RawServer.saying("served");
        TestInbound proxy = TestInbound.before(service, TestInbound.deny("\"/secret\""));
        RawClient client = new RawClient(proxy.port())) {
      String asked = " HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n";
      client.send("POST /open" + asked);
      assertThat(client.answer().status()).isEqualTo(100);
      client.send("body");
      assertThat(client.answer().body()).isEqualTo("served");
      assertThat(service.received().get(0).value("expect")).isEmpty();
      assertThat(RawClient.exchange(proxy.port(), "POST /secret" + asked).status()).isEqualTo(403);
    }
  }

  @Test
  void http2_over_mutual_tls_is_decided_about_by_principal() throws Exception {
    LocalAuthority mesh = LocalAuthority.of(TrustDomain.parse("cluster.local")).build();
    try (RawServer service = RawServer.saying("served");
        IdentitySource own = mesh.source(id("pay"));
        IdentitySource web = mesh.source(id("web"));
        IdentitySource other = mesh.source(id("other"));
        TestInbound proxy =
            TestInbound.before(service.port(), WEB_ONLY + TestInbound.peerMode("STRICT"), own)) {
      HttpResponse<String> allowed = http2(web, proxy.port());
      assertThat(allowed.version()).isEqualTo(HttpClient.Version.HTTP_2);
      assertThat(allowed.body()).isEqualTo("served");
      HttpResponse<String> denied = http2(other, proxy.port());
      assertThat(denied.version()).isEqualTo(HttpClient.Version.HTTP_2);
      assertThat(denied.statusCode()).isEqualTo(403);
      assertThat(service.received()).hasSize(1);
    }
  }

  /** Each gets the answer to its own request, over whatever connection it went. */
  @Test
  void five_hundred_at_once_get_their_own_answers() throws Exception {
    try (RawServer service =
            new RawServer(
                (request, out) ->
                    out.write(Wire.bytes(RawServer.ok(request.line().split(" ")[1]))));
        TestInbound proxy = TestInbound.before(service, "")) {
      List<CompletableFuture<String>> answers = new ArrayList<>();
      HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
      for (int i = 0; i < 500; i++) {
        URI uri = URI.create("http://127.0.0.1:" + proxy.port() + "/" + i);
        answers.add(
            http.sendAsync(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                .thenApply(HttpResponse::body));
      }
      for (int i = 0; i < 500; i++) {
        assertThat(answers.get(i).get(50, TimeUnit.SECONDS)).isEqualTo("/" + i);
      }
    }
  }

  private static boolean isCutOff(RawClient client) {
    try {
      return client.isCutOff();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static HttpResponse<String> http2(IdentitySource caller, int port)
      throws IOException, InterruptedException {
    HttpClient http =
        HttpClient.newBuilder()
            .sslContext(IdentityTls.of(caller).clientContext(ExpectedPeer.any()))
            .version(HttpClient.Version.HTTP_2)
            .build();
    URI uri = URI.create("https://127.0.0.1:" + port + "/pay");
    return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }

  private static SpiffeId id(String account) {
    return SpiffeId.parse("spiffe://cluster.local/ns/production/sa/" + account);
  }
}
