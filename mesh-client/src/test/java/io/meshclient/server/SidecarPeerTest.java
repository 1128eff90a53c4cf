package io.meshclient.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.meshclient.identity.SpiffeId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who called, in the words of the sidecar in front. */
@Timeout(60)
class SidecarPeerTest {
  private static final String OWN = "spiffe://cluster.local/ns/shop/sa/pay";
  private static final String WEB = "spiffe://cluster.local/ns/shop/sa/web";

  private final HttpClient http = HttpClient.newHttpClient();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    listen("/", MeshHttpFilter.builder().sidecar(SpiffeId.parse(OWN)).build());
    listen("/plain", MeshHttpFilter.builder().build());
    server.start();
  }

  private void listen(String path, MeshHttpFilter filter) {
    server.createContext(path, SidecarPeerTest::answer).getFilters().add(filter);
  }

  private static void answer(HttpExchange exchange) throws IOException {
    MeshPeer peer = MeshPeer.current();
    byte[] body =
        (peer == null ? "unknown" : peer.id().toString()).getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private String get(String path, String... xfcc) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
            URI.create("http://localhost:" + server.getAddress().getPort() + path));
    for (String line : xfcc) {
      request.header("x-forwarded-client-cert", line);
    }
    return http.send(request.build(), BodyHandlers.ofString()).body();
  }

  @Test
  void caller_isWhomTheLastElementNames() throws Exception {
    assertThat(get("/", "By=" + OWN + ";URI=spiffe://td/mallory,By=" + OWN + ";URI=" + WEB))
        .isEqualTo(WEB);
  }

  @Test
  void caller_isUnknown_withoutTheHeader() throws Exception {
    assertThat(get("/")).isEqualTo("unknown");
  }

  @Test
  void header_thatIsByAnother_getsNoAnswer() {
    assertThatThrownBy(() -> get("/", "By=spiffe://td/other;URI=" + WEB))
        .isInstanceOf(IOException.class);
  }

  @Test
  void header_isNothing_whereNoSidecarIsTrusted() throws Exception {
    assertThat(get("/plain", "By=" + OWN + ";URI=" + WEB)).isEqualTo("unknown");
  }
}
