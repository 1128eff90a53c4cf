package io.meshclient.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.meshclient.context.MeshContext;
import io.meshclient.resilience.RateLimit;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What access logs of the JDK's server say of a request whose lengths nobody announced. */
@Timeout(60)
final class BytesOnJdkServerTest {
  private final AtomicReference<String> requestId = new AtomicReference<>();
  private String answered;
  @TempDir Path directory;

  @ParameterizedTest(name = "{0} {1}: {2}")
  @CsvSource({
    "GET, /chunked, 0 8561",
    "GET, /announced, 0 8561",
    "GET, /empty, 0 0",
    "HEAD, /head, 0 0",
    "GET, /unmodified, 0 0",
    "POST, /read/chunked, 700 8561",
    "POST, /chunked, 0 8561",
    "PUT, /read/announced, 700 8561",
    "PUT, /announced, 700 8561"
  })
  void log_has_the_bytes_that_passed(String method, String path, String expected) throws Exception {
    assertThat(logged("%BYTES_RECEIVED% %BYTES_SENT%", method, path)).containsExactly(expected);
  }

  @Test
  void refusal_has_its_bytes() throws Exception {
    List<String> lines = logged("%RESPONSE_CODE% %BYTES_SENT%", "GET", "/limited", "/limited");
    assertThat(answered).isNotEmpty();
    assertThat(lines.get(1)).isEqualTo("429 " + answered.length());
  }

  @Test
  void log_has_the_request_id_that_was_made() throws Exception {
    List<String> lines = logged("%REQ(X-REQUEST-ID)%", "GET", "/empty");
    assertThat(requestId.get()).isNotNull();
    assertThat(lines).containsExactly(requestId.get());
  }

  private List<String> logged(String format, String method, String... paths) throws Exception {
    LoggedRequests log = new LoggedRequests(directory.resolve("access.log"), format);
    ExecutorService handlers = Executors.newCachedThreadPool();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(handlers);
    server
        .createContext("/", this::answer)
        .getFilters()
        .add(
            MeshHttpFilter.builder()
                .telemetry(log.telemetry())
                .rateLimit("/limited", RateLimit.of(1, Duration.ofHours(1)))
                .build());
    server.start();
    try {
      BodyPublisher body =
          switch (method) {
            case "POST" -> BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(of(700)));
            case "PUT" -> BodyPublishers.ofByteArray(of(700));
            default -> BodyPublishers.noBody();
          };
      for (String path : paths) {
        URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
        HttpRequest request = HttpRequest.newBuilder(uri).method(method, body).build();
        answered = HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
      }
    } finally {
      handlers.shutdown();
      assertThat(handlers.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
      server.stop(0);
    }
    return log.lines();
  }

  private void answer(HttpExchange exchange) throws IOException {
    requestId.set(MeshContext.current().requestId());
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      if (path.startsWith("/read")) {
        exchange.getRequestBody().readAllBytes();
      }
      switch (path) {
        case "/unmodified" -> exchange.sendResponseHeaders(304, -1);
        case "/empty" -> exchange.sendResponseHeaders(200, -1);
        case "/head" -> {
          exchange.getResponseHeaders().set("Content-Length", "8561");
          exchange.sendResponseHeaders(200, -1);
        }
        default -> {
          exchange.sendResponseHeaders(200, path.endsWith("chunked") ? 0 : 8561);
          exchange.getResponseBody().write(of(8560));
          exchange.getResponseBody().write('.');
        }
      }
    }
  }

  private static byte[] of(int length) {
    return new byte[length];
  }
}
