package io.meshclient.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the relay takes and answers. What the W3C's harness tests is asked of the jar, among the
 * acceptance tests.
 */
@Timeout(60)
class TraceRelayTest {
  private static final String TRACE = "12345678901234567890123456789012";
  private static final String PARENT = "1234567890123456";

  private final List<String> calledBack = new CopyOnWriteArrayList<>();
  private HttpServer harness;
  private TraceRelay relay;

  @BeforeEach
  void start() throws IOException {
    harness = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    harness.createContext(
        "/",
        exchange -> {
          try (exchange) {
            calledBack.add(exchange.getRequestHeaders().getFirst("traceparent"));
            byte[] body = exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
          }
        });
    harness.start();
    relay = TraceRelay.start(Map.of("SERVICE_PORT", "0", "SERVICE_ADDRESS", "127.0.0.1"));
  }

  @AfterEach
  void stop() {
    relay.close();
    harness.stop(0);
  }

  @Test
  void calls_areMadeWithinTheTrace_andTheirAnswersTold() throws Exception {
    String url = "http://127.0.0.1:" + harness.getAddress().getPort() + "/callback";
    String body = "[{'url': '%s', 'arguments': [1]}, {'url': '%s'}]".replace('\'', '"');
    HttpResponse<String> answer = post(body.formatted(url, url));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("[1]", "[]", "\"status\":200");
    assertThat(calledBack)
        .hasSize(2)
        .doesNotHaveDuplicates()
        .allMatch(call -> call.startsWith("00-" + TRACE) && !call.contains(PARENT + "-"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "[", "[{}]", "[{\"url\": \"nowhere\"}]"})
  void body_thatIsNone_isSaid(String body) throws Exception {
    HttpResponse<String> answer = post(body);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("expected: [{");
  }

  private HttpResponse<String> post(String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + relay.port() + "/test"))
            .header("traceparent", "00-" + TRACE + "-" + PARENT + "-01")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
  }
}
