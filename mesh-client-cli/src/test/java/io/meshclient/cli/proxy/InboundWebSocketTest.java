package io.meshclient.cli.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshclient.identity.ExpectedPeer;
import io.meshclient.identity.IdentitySource;
import io.meshclient.identity.IdentityTls;
import io.meshclient.identity.LocalAuthority;
import io.meshclient.identity.SpiffeId;
import io.meshclient.identity.TrustDomain;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * WebSockets through the inbound proxy: the handshake is decided about, then bytes go both ways.
 */
@Timeout(60)
class InboundWebSocketTest {
  private static final String ASKS =
      "Host: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n";
  private static final String SWITCHES =
      "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n";
  private static final String WEB_ONLY =
      """
      ---
      apiVersion: security.istio.io/v1
      kind: AuthorizationPolicy
      metadata: {name: web, namespace: production}
      spec:
        rules:
        - from: [{source: {principals: [cluster.local/ns/production/sa/web]}}]
      """;
  private static final String NO_UPGRADES =
      """
      ---
      apiVersion: security.istio.io/v1
      kind: AuthorizationPolicy
      metadata: {name: upgrades, namespace: production}
      spec:
        action: DENY
        rules:
        - when: [{key: "request.headers[upgrade]", values: [websocket]}]
      """;

  /** Goes on by a protocol of which each byte is said again. */
  private static void echo(RawServer.Received request, OutputStream out) throws IOException {
    out.write(Wire.bytes(SWITCHES + "X-Path: " + request.line().split(" ")[1] + "\r\n\r\n"));
    byte[] bytes = new byte[1024];
    for (int n = request.in().read(bytes); n >= 0; n = request.in().read(bytes)) {
      out.write(bytes, 0, n);
    }
  }

  @Test
  void bytes_go_both_ways_from_the_first_one_on() throws Exception {
    try (RawServer service = new RawServer(InboundWebSocketTest::echo);
        TestInbound proxy = TestInbound.before(service, TestInbound.deny("\"/secret\""));
        RawClient client = new RawClient(proxy.port())) {
      client.send("GET /x/../ws?a HTTP/1.1\r\n" + ASKS + "X-Envoy-Retry-On: 5xx\r\n\r\nearly");
      RawClient.Answer answer = client.answer();
      assertThat(answer.status()).isEqualTo(101);
      assertThat(answer.value("upgrade")).isEqualTo("websocket");
      assertThat(answer.value("connection")).isEqualTo("Upgrade");
      assertThat(answer.value("x-path")).isEqualTo("/ws?a");
      assertThat(client.in().readNBytes(5)).isEqualTo(Wire.bytes("early"));

      byte[] much = new byte[1 << 20];
      Arrays.fill(much, (byte) 7);
      CompletableFuture<byte[]> back =
          CompletableFuture.supplyAsync(() -> read(client, much.length));
      client.send(much);
      assertThat(back.get(50, TimeUnit.SECONDS)).isEqualTo(much);
      assertThat(service.received().get(0).value("x-envoy-retry-on")).isEmpty();
      assertThat(service.received().get(0).value("upgrade")).isEqualTo("websocket");
    }
  }

  private static byte[] read(RawClient client, int length) {
    try {
      return client.in().readNBytes(length);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void either_end_ends_the_other() throws Exception {
    CountDownLatch left = new CountDownLatch(1);
    try (RawServer service =
            new RawServer(
                (request, out) -> {
                  out.write(Wire.bytes(SWITCHES + "\r\n"));
                  if (request.line().contains("/bye")) {
                    throw new IOException("bye");
                  }
                  while (request.in().read() >= 0) {
                    // To its end.
                  }
                  left.countDown();
                });
        TestInbound proxy = TestInbound.before(service, "");
        RawClient staying = new RawClient(proxy.port())) {
      staying.send("GET /bye HTTP/1.1\r\n" + ASKS + "\r\n");
      assertThat(staying.answer().status()).isEqualTo(101);
      assertThat(staying.isCutOff()).isTrue();
      try (RawClient leaving = new RawClient(proxy.port())) {
        leaving.send("GET / HTTP/1.1\r\n" + ASKS + "\r\n");
        assertThat(leaving.answer().status()).isEqualTo(101);
      }
      assertThat(left.await(50, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void tunnel_in_which_nothing_moves_is_ended() throws Exception {
    try (RawServer service = new RawServer(InboundWebSocketTest::echo);
        TestInbound proxy = TestInbound.impatient(service);
        RawClient client = new RawClient(proxy.port())) {
      client.send("GET / HTTP/1.1\r\n" + ASKS + "\r\n");
      assertThat(client.answer().status()).isEqualTo(101);
      assertThat(client.isCutOff()).isTrue();
    }
  }

  @Test
  void who_is_not_let_in_gets_no_handshake() throws Exception {
    try (RawServer service = new RawServer(InboundWebSocketTest::echo);
        TestInbound proxy = TestInbound.before(service, TestInbound.deny("\"/secret\""))) {
      String asked = "GET /secret HTTP/1.1\r\n" + ASKS + "\r\n";
      assertThat(RawClient.exchange(proxy.port(), asked).status()).isEqualTo(403);
      proxy.reload(NO_UPGRADES);
      assertThat(RawClient.exchange(proxy.port(), asked).status()).isEqualTo(403);
      assertThat(service.received()).isEmpty();
    }
  }

  /**
   * Where nobody could tell where the other protocol begins, or it was not asked for by the word.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {"Content-Length: 4\r\n\r\nbody", "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"})
  void handshake_with_a_body_is_refused(String body) throws Exception {
    try (RawServer service = new RawServer(InboundWebSocketTest::echo);
        TestInbound proxy = TestInbound.before(service, "")) {
      String asked = "POST / HTTP/1.1\r\n" + ASKS + body;
      assertThat(RawClient.exchange(proxy.port(), asked).status()).isEqualTo(400);
      assertThat(service.received()).isEmpty();
    }
  }

  @Test
  void service_that_does_not_want_to_answers_as_ever() throws Exception {
    try (RawServer service = RawServer.saying("served");
        TestInbound proxy = TestInbound.before(service, "");
        RawClient client = new RawClient(proxy.port())) {
      for (int i = 0; i < 2; i++) {
        client.send("GET / HTTP/1.1\r\n" + ASKS + "\r\n");
        assertThat(client.answer().body()).isEqualTo("served");
      }
    }
  }

  @Test
  void service_cannot_switch_unasked() throws Exception {
    try (RawServer service = new RawServer(InboundWebSocketTest::echo);
        TestInbound proxy = TestInbound.before(service, "")) {
      String asked = "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: other\r\nConnection: Upgrade\r\n\r\n";
      assertThat(RawClient.exchange(proxy.port(), asked).status()).isEqualTo(503);
      assertThat(service.received()).hasSize(1);
      assertThat(service.received().get(0).value("upgrade")).isEmpty();
    }
  }

  @Test
  void upgrade_that_connection_does_not_name_is_refused() throws Exception {
    try (RawServer service = new RawServer(InboundWebSocketTest::echo);
        TestInbound proxy = TestInbound.before(service, "")) {
      String asked = "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\n";
      assertThat(RawClient.exchange(proxy.port(), asked).status()).isEqualTo(400);
      assertThat(service.received()).isEmpty();
    }
  }

  @Test
  void real_client_talks_over_mutual_tls_if_it_is_let_in() throws Exception {
    LocalAuthority mesh = LocalAuthority.of(TrustDomain.parse("cluster.local")).build();
    try (RawServer service = new RawServer(InboundWebSocketTest::echoText);
        IdentitySource own = mesh.source(id("pay"));
        IdentitySource web = mesh.source(id("web"));
        IdentitySource other = mesh.source(id("other"));
        TestInbound proxy =
            TestInbound.before(service.port(), WEB_ONLY + TestInbound.peerMode("STRICT"), own)) {
      Heard heard = new Heard();
      WebSocket socket = connect(web, proxy.port(), heard).get(50, TimeUnit.SECONDS);
      socket.sendText("hello", true);
      assertThat(heard.text.get(50, TimeUnit.SECONDS)).isEqualTo("hello");
      socket.abort();
      assertThatThrownBy(() -> connect(other, proxy.port(), new Heard()).get(50, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .hasRootCauseInstanceOf(Exception.class)
          .hasStackTraceContaining("403");
    }
  }

  private static CompletableFuture<WebSocket> connect(
      IdentitySource caller, int port, WebSocket.Listener listener) {
    return HttpClient.newBuilder()
        .sslContext(IdentityTls.of(caller).clientContext(ExpectedPeer.any()))
        .build()
        .newWebSocketBuilder()
        .buildAsync(URI.create("wss://127.0.0.1:" + port + "/ws"), listener);
  }

  private static SpiffeId id(String account) {
    return SpiffeId.parse("spiffe://cluster.local/ns/production/sa/" + account);
  }

  private static final class Heard implements WebSocket.Listener {
    private final CompletableFuture<String> text = new CompletableFuture<>();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      text.complete(data.toString());
      return WebSocket.Listener.super.onText(socket, data, last);
    }
  }

  /** A service of RFC 6455 that says one short text again. */
  private static void echoText(RawServer.Received request, OutputStream out) throws Exception {
    String key = request.value("sec-websocket-key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    byte[] hash = MessageDigest.getInstance("SHA-1").digest(Wire.bytes(key));
    String accept = Base64.getEncoder().encodeToString(hash);
    out.write(Wire.bytes(SWITCHES + "Sec-WebSocket-Accept: " + accept + "\r\n\r\n"));
    out.flush();
    DataInputStream in = new DataInputStream(request.in());
    int kind = in.readUnsignedByte();
    byte[] mask = new byte[4];
    byte[] text = new byte[in.readUnsignedByte() & 0x7f];
    in.readFully(mask);
    in.readFully(text);
    for (int i = 0; i < text.length; i++) {
      text[i] ^= mask[i % 4];
    }
    out.write(kind);
    out.write(text.length);
    out.write(text);
    out.flush();
    while (in.read() >= 0) {
      // Until the client leaves.
    }
  }
}
