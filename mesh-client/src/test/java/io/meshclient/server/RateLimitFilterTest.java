package io.meshclient.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.meshclient.resilience.RateLimit;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Limits by path and method, by real HTTP. */
@Timeout(60)
class RateLimitFilterTest {
  private final HttpClient http = HttpClient.newHttpClient();
  private final AtomicLong clock = new AtomicLong();
  private final AtomicInteger handled = new AtomicInteger();
  private HttpServer server;

  @BeforeEach
  void bind() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private MeshHttpFilter.Builder builder() {
    return MeshHttpFilter.builder().clock(clock::get);
  }

  private void serve(MeshHttpFilter.Builder builder) {
    server
        .createContext(
            "/",
            exchange -> {
              handled.incrementAndGet();
              exchange.getRequestBody().readAllBytes();
              exchange.sendResponseHeaders(200, -1);
              exchange.close();
            })
        .getFilters()
        .add(builder.build());
    server.start();
  }

  private HttpResponse<String> send(String method, String path, String body)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    return http.send(
        HttpRequest.newBuilder(uri).method(method, BodyPublishers.ofString(body)).build(),
        BodyHandlers.ofString());
  }

  private int status(String method, String path) throws IOException, InterruptedException {
    return send(method, path, "").statusCode();
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  @Test
  void requestBeyondTheLimit_isAnswered429() throws Exception {
    serve(builder().rateLimit("/api", RateLimit.of(2, Duration.ofSeconds(10))));
    status("GET", "/api/orders");
    status("GET", "/api/payments");

    HttpResponse<String> refused = send("GET", "/api", "");

    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.body()).isEqualTo("Too many requests, try again in 5 s\n");
    assertThat(header(refused, "Retry-After")).isEqualTo("5");
    assertThat(header(refused, "RateLimit")).isEqualTo("\"/api\";r=0;t=5");
    assertThat(header(refused, "RateLimit-Policy")).isEqualTo("\"/api\";q=2;w=10");
    assertThat(handled).hasValue(2);

    clock.addAndGet(Duration.ofSeconds(5).toNanos());
    assertThat(status("GET", "/api")).isEqualTo(200);
  }

  @Test
  void answerWithinTheLimit_tellsWhereItStands() throws Exception {
    serve(builder().rateLimit("POST", "/api/", RateLimit.perSecond(100).burst(10)));

    HttpResponse<String> answer = send("POST", "/api/orders", "one");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(header(answer, "RateLimit")).isEqualTo("\"POST /api/\";r=9;t=1");
    assertThat(header(answer, "RateLimit-Policy")).isEqualTo("\"POST /api/\";q=100;w=1");
    assertThat(header(answer, "Retry-After")).isEmpty();
  }

  @Test
  void requestThatNoLimitIsFor_hasNoFields() throws Exception {
    serve(builder().rateLimit("POST", "/api", RateLimit.of(1, Duration.ofHours(1))));

    assertThat(header(send("GET", "/api", ""), "RateLimit")).isEmpty();
    assertThat(header(send("POST", "/apis", ""), "RateLimit")).isEmpty();
  }

  @Test
  void longestPath_holdsAndThenTheMethod() throws Exception {
    RateLimit hourly = RateLimit.of(1, Duration.ofHours(1));
    serve(
        builder()
            .rateLimit("/", hourly)
            .rateLimit("/api", hourly)
            .rateLimit("GET", "/api", hourly));

    assertThat(header(send("GET", "/other", ""), "RateLimit")).startsWith("\"/\"");
    assertThat(header(send("PUT", "/api/a", ""), "RateLimit")).startsWith("\"/api\"");
    assertThat(header(send("GET", "/api/a", ""), "RateLimit")).startsWith("\"GET /api\"");
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"/healthz", "/actuator/health/liveness", "/internal/up"})
  void exemptPath_isNeverRefused(String path) throws Exception {
    serve(builder().exempt("/internal").rateLimit("/", RateLimit.of(1, Duration.ofHours(1))));

    for (int i = 0; i < 5; i++) {
      HttpResponse<String> answer = send("GET", path, "");
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(header(answer, "RateLimit")).isEmpty();
    }
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "/api//orders",
        "/api/./orders",
        "/healthz/../api/orders",
        "/healthz/%2e%2e/api/orders",
        "/api/%6frders?a=b"
      })
  void pathWrittenOtherwise_meetsTheSameLimit(String path) throws Exception {
    serve(builder().rateLimit("/api/orders", RateLimit.of(1, Duration.ofHours(1))));
    status("GET", "/api/orders");

    assertThat(status("GET", path)).isEqualTo(429);
  }

  @Test
  void refusedRequestWithABody_leavesTheConnectionUsable() throws Exception {
    serve(builder().rateLimit("/", RateLimit.of(1, Duration.ofSeconds(1))));
    String body = "x".repeat(20_000);
    assertThat(send("POST", "/", body).statusCode()).isEqualTo(200);

    assertThat(send("POST", "/", body).statusCode()).isEqualTo(429);

    clock.addAndGet(Duration.ofSeconds(1).toNanos());
    assertThat(send("POST", "/", body).statusCode()).isEqualTo(200);
  }

  @Test
  void refusedHead_hasNoBody() throws Exception {
    serve(builder().rateLimit("/", RateLimit.of(1, Duration.ofHours(1))));
    status("HEAD", "/");

    HttpResponse<String> refused = send("HEAD", "/", "");

    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.body()).isEmpty();
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({"GET, api, path: \"api\"", "'', /api, method: \"\"", "G T, /api, method: \"G T\""})
  void routeThatIsNone_isRefused(String method, String path, String message) {
    assertThatThrownBy(() -> builder().rateLimit(method, path, RateLimit.perSecond(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message);
  }
}
