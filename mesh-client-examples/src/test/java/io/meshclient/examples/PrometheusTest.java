package io.meshclient.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real Prometheus scrapes the services, and answers what the guide asks of it. */
@Tag("prometheus")
@Timeout(180)
class PrometheusTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final int CALLS = 300;

  /** A checkout asks order-service for the orders, and has it pay. */
  private static final int ORDER_CALLS = 2 * CALLS;

  private static final int CANARIES = 30;
  private static final String REQUESTS =
      "istio_requests_total{reporter=\"source\",source_app=\"web\","
          + "destination_service_name=\"order-service\"";

  private final List<AutoCloseable> toClose = new ArrayList<>();
  @TempDir Path directory;

  @AfterEach
  void close() throws Exception {
    for (int i = toClose.size() - 1; i >= 0; i--) {
      toClose.get(i).close();
    }
  }

  @Test
  void prometheus_answersTheGuidesQuestions() throws Exception {
    Path prometheus = Programs.find("prometheus");
    boolean mustRun = "true".equals(System.getenv("CI"));
    assumeTrue(prometheus != null || mustRun, "no prometheus on the PATH");
    assertThat(prometheus).as("prometheus, on the PATH").isNotNull();
    HttpService payment = start("payment-service", "v1", "");
    HttpService v1 = start("order-service", "v1", "payment-service=" + at(payment));
    HttpService v2 = start("order-service", "v2", "payment-service=" + at(payment));
    String known =
        "order-service/v1=%s,order-service/v2=%s,payment-service=%s"
            .formatted(at(v1), at(v2), at(payment));
    HttpService web = start("web", "v1", known);
    for (int i = 0; i < CALLS; i++) {
      checkout(web, i < CANARIES ? "true" : "false");
    }
    String api = scrape(prometheus, web, v1, v2, payment);
    // What share of the orders went to the canary? The headers' 30, and 10 % of the others.
    double canary =
        value(api, "sum(" + REQUESTS + ",destination_version=\"v2\"}) / sum(" + REQUESTS + "})");
    assertThat(canary).isCloseTo(0.1 + 0.9 * 0.1, within(0.08));
    // How many calls were there, by the caller's word and by the callee's?
    assertThat(value(api, "sum(" + REQUESTS + "})")).isEqualTo(ORDER_CALLS);
    assertThat(
            value(
                api,
                "sum(istio_requests_total{reporter=\"destination\","
                    + "destination_app=\"order-service\"})"))
        .isEqualTo(ORDER_CALLS);
    // Which share fails?
    assertThat(
            value(
                api,
                "sum("
                    + REQUESTS
                    + ",response_code=~\"5..\"}) / sum("
                    + REQUESTS
                    + "}) or vector(0)"))
        .isZero();
    // How long does the slowest hundredth take?
    assertThat(
            value(
                api,
                "histogram_quantile(0.99, sum by (le)"
                    + " (istio_request_duration_milliseconds_bucket{source_app=\"web\"}))"))
        .isBetween(0.0, 60_000.0);
    assertThat(
            value(
                api,
                "histogram_quantile(0.5, sum by (le) (http_server_request_duration_seconds_bucket))"))
        .isBetween(0.0, 60.0);
    // Are all breakers of payment-service closed, and which configuration is in force?
    assertThat(value(api, "min(mesh_breaker_state{mesh_breaker_state=\"CLOSED\"})")).isOne();
    assertThat(value(api, "min(mesh_config_generation)")).isEqualTo(1);
  }

  private HttpService start(String service, String version, String endpoints) throws IOException {
    Map<String, String> variables = new HashMap<>();
    variables.put("SERVICE_NAME", service);
    variables.put("SERVICE_VERSION", version);
    variables.put("SERVICE_PORT", "0");
    variables.put("SERVICE_ADDRESS", "127.0.0.1");
    variables.put("METRICS_PORT", "0");
    variables.put("OTEL_TRACES_EXPORTER", "none"); // the rules' collector is not there
    variables.put("OTEL_METRICS_EXPORTER", "none");
    variables.put("POD_NAMESPACE", "production");
    variables.put("MESH_CLIENT_LABELS", "version=" + version);
    variables.put("MESH_CLIENT_CONFIG", "istio");
    variables.put("MESH_CLIENT_ENDPOINTS", endpoints);
    Settings settings = Settings.of(service, variables);
    HttpService started =
        switch (service) {
          case "web" -> Web.start(settings);
          case "order-service" -> OrderService.start(settings);
          default -> PaymentService.start(settings);
        };
    toClose.add(started);
    return started;
  }

  private static String at(HttpService service) {
    return "127.0.0.1:" + service.port();
  }

  private static void checkout(HttpService web, String canary) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + at(web) + "/checkout"))
            .header("x-canary", canary)
            .header("x-user-id", "1") // odd: by weight
            .build();
    assertThat(HTTP.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(200);
  }

  /**
   * Starts Prometheus, and waits until it has scraped each service twice.
   *
   * @return where to ask for what was known at that moment, whatever becomes of later scrapes
   */
  private String scrape(Path prometheus, HttpService... services) throws Exception {
    StringBuilder targets = new StringBuilder();
    for (HttpService service : services) {
      targets.append("'127.0.0.1:").append(service.metricsPort()).append("',");
    }
    Path config =
        Files.writeString(
            directory.resolve("prometheus.yml"),
            """
            global: {scrape_interval: 500ms, scrape_timeout: 500ms}
            scrape_configs:
            - job_name: services
              static_configs: [{targets: [%s]}]
            """
                .formatted(targets));
    Process process =
        new ProcessBuilder(
                prometheus.toString(),
                "--config.file=" + config,
                "--storage.tsdb.path=" + directory.resolve("data"),
                "--web.listen-address=127.0.0.1:0")
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("prometheus.log").toFile())
            .start();
    toClose.add(() -> end(process));
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
    while (true) {
      try {
        String api = "http://" + listening() + "/api/v1/query?";
        String twice = "min(count_over_time(up[1m])) and sum(up) == " + services.length;
        JsonArray scraped = sample(api, twice);
        if (scraped.get(1).getAsDouble() >= 2) {
          return api + "time=" + scraped.get(0).getAsBigDecimal().toPlainString() + "&";
        }
      } catch (IOException | IllegalStateException | JsonParseException e) {
        assertThat(process.isAlive()).as(() -> log()).isTrue(); // it is starting
      }
      assertThat(System.nanoTime()).as(this::log).isLessThan(until);
      process.waitFor(200, TimeUnit.MILLISECONDS);
    }
  }

  /** The address that the system gave it. */
  private String listening() {
    return log()
        .lines()
        .filter(line -> line.contains("Listening on"))
        .map(line -> line.substring(line.indexOf("address=") + "address=".length()).strip())
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("not listening yet"));
  }

  private String log() {
    try {
      return Files.readString(directory.resolve("prometheus.log"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static void end(Process process) throws InterruptedException {
    process.destroy();
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }

  private static double value(String api, String query) throws IOException, InterruptedException {
    return sample(api, query).get(1).getAsDouble();
  }

  /** The time and the value. */
  private static JsonArray sample(String api, String query)
      throws IOException, InterruptedException {
    String encoded = URLEncoder.encode(query, StandardCharsets.UTF_8);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(api + "query=" + encoded))
            .timeout(Duration.ofSeconds(20))
            .build();
    String body = HTTP.send(request, BodyHandlers.ofString()).body();
    JsonObject answer = JsonParser.parseString(body).getAsJsonObject();
    JsonArray result = answer.getAsJsonObject("data").getAsJsonArray("result");
    if (result.size() != 1) {
      throw new IllegalStateException(query + ": " + body);
    }
    return result.get(0).getAsJsonObject().getAsJsonArray("value");
  }

  /** Programs on the PATH. */
  private static final class Programs {
    static Path find(String name) {
      for (String directory : System.getenv().getOrDefault("PATH", "").split(":")) {
        Path program = Path.of(directory, name);
        if (Files.isExecutable(program)) {
          return program;
        }
      }
      return null;
    }
  }
}
