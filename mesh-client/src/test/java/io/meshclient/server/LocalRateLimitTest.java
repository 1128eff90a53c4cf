package io.meshclient.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.meshclient.MeshClient;
import io.meshclient.istio.ConfigSource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Istio's local rate limit, enforced by real HTTP; the answers are those of an Envoy 1.40. */
@Timeout(60)
class LocalRateLimitTest {
  private static final String ALL =
      """
      apiVersion: networking.istio.io/v1alpha3
      kind: EnvoyFilter
      metadata: {name: limit, namespace: istio-system}
      spec:
        workloadSelector: {labels: {app: productpage}}
        configPatches:
        - applyTo: HTTP_FILTER
          match:
            context: SIDECAR_INBOUND
            listener:
              filterChain:
                filter: {name: envoy.filters.network.http_connection_manager}
          patch:
            operation: INSERT_BEFORE
            value:
              name: envoy.filters.http.local_ratelimit
              typed_config:
                "@type": type.googleapis.com/udpa.type.v1.TypedStruct
                type_url: type.googleapis.com/envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit
                value:
                  stat_prefix: http_local_rate_limiter
                  enable_x_ratelimit_headers: DRAFT_VERSION_03
                  token_bucket: {max_tokens: 3, tokens_per_fill: 3, fill_interval: 10s}
                  filter_enabled:
                    runtime_key: local_rate_limit_enabled
                    default_value: {numerator: 100, denominator: HUNDRED}
                  filter_enforced:
                    runtime_key: local_rate_limit_enforced
                    default_value: {numerator: 100, denominator: HUNDRED}
                  response_headers_to_add:
                  - {append: false, header: {key: x-local-rate-limit, value: 'true'}}
      """;
  private static final String ROUTE =
      """
      apiVersion: networking.istio.io/v1alpha3
      kind: EnvoyFilter
      metadata: {name: limit, namespace: default}
      spec:
        configPatches:
        - applyTo: HTTP_FILTER
          match: {context: SIDECAR_INBOUND}
          patch:
            operation: INSERT_BEFORE
            value:
              name: envoy.filters.http.local_ratelimit
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit
                stat_prefix: http_local_rate_limiter
        - applyTo: HTTP_ROUTE
          match:
            context: SIDECAR_INBOUND
            routeConfiguration: {vhost: {name: "inbound|http|9080", route: {action: ANY}}}
          patch:
            operation: MERGE
            value:
              route:
                rate_limits:
                - actions:
                  - header_value_match:
                      descriptor_key: k
                      descriptor_value: v
                      headers: [{name: x-q, string_match: {exact: "1"}}]
                  - request_headers: {header_name: ":path", descriptor_key: PATH}
              typed_per_filter_config:
                envoy.filters.http.local_ratelimit:
                  "@type": type.googleapis.com/envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit
                  stat_prefix: http_local_rate_limiter
                  enable_x_ratelimit_headers: DRAFT_VERSION_03
                  token_bucket: {max_tokens: 5, tokens_per_fill: 5, fill_interval: 10s}
                  filter_enabled: {default_value: {numerator: 100}}
                  filter_enforced: {default_value: {numerator: 100}}
                  descriptors:
                  - entries: [{key: k, value: v}, {key: PATH, value: /c/1}]
                    token_bucket: {max_tokens: 2, tokens_per_fill: 2, fill_interval: 30s}
      """;

  private final HttpClient http = HttpClient.newHttpClient();
  private final AtomicLong clock = new AtomicLong();
  private double draw;
  private HttpServer server;
  private MeshClient mesh;

  @AfterEach
  void stop() {
    server.stop(0);
    mesh.close();
  }

  private void serve(String yaml) throws IOException {
    serve(ConfigSource.yaml("limits.yaml", yaml), 9080);
  }

  private void serve(ConfigSource source, int port) throws IOException {
    mesh = MeshClient.builder().environment(Map.of()).service("productpage").config(source).build();
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server
        .createContext(
            "/",
            exchange -> {
              exchange.sendResponseHeaders(200, -1);
              exchange.close();
            })
        .getFilters()
        .add(
            MeshHttpFilter.builder()
                .inboundRules(mesh)
                .servicePort(port)
                .clock(clock::get)
                .draws(() -> draw)
                .build());
    server.start();
  }

  private HttpResponse<String> get(String path, String... headers)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    HttpRequest.Builder request = HttpRequest.newBuilder(uri);
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return http.send(request.build(), BodyHandlers.ofString());
  }

  /** Status, limit, remaining and reset. */
  private String told(String path, String... headers) throws IOException, InterruptedException {
    HttpResponse<String> answer = get(path, headers);
    return answer.statusCode()
        + " "
        + header(answer, "x-ratelimit-limit")
        + " "
        + header(answer, "x-ratelimit-remaining")
        + " "
        + header(answer, "x-ratelimit-reset");
  }

  private static String header(HttpResponse<?> answer, String name) {
    return String.join(",", answer.headers().allValues(name));
  }

  @Test
  void limitOfAllRequests_answersAsEnvoy() throws Exception {
    serve(ALL);
    assertThat(mesh.problems()).isEmpty();

    assertThat(told("/a")).isEqualTo("200 3 2 0");
    clock.addAndGet(1);
    assertThat(told("/a")).isEqualTo("200 3 1 0");
    clock.addAndGet(Duration.ofMillis(20).toNanos());
    assertThat(told("/a")).isEqualTo("200 3 0 3");
    HttpResponse<String> refused = get("/a");

    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.body()).isEqualTo("local_rate_limited");
    assertThat(header(refused, "content-type")).isEqualTo("text/plain");
    assertThat(header(refused, "x-local-rate-limit")).isEqualTo("true");
    assertThat(header(refused, "x-ratelimit-remaining")).isEqualTo("0");
    clock.addAndGet(Duration.ofMillis(3400).toNanos());
    assertThat(told("/a")).isEqualTo("200 3 0 3");
    assertThat(get("/healthz").statusCode()).isEqualTo(200);
  }

  @Test
  void limitOfARoute_tellsRequestsApartByDescriptors() throws Exception {
    serve(ROUTE);

    assertThat(List.of(told("/c/1", "x-q", "1"), told("/c/1", "x-q", "1")))
        .containsExactly("200 2 1 0", "200 2 0 15");
    assertThat(told("/c/1", "x-q", "1")).isEqualTo("429 2 0 15");
    assertThat(List.of(told("/c/1"), told("/c/2", "x-q", "1"), told("/c/1")))
        .as("two of the five are used up, the refused one took none")
        .containsExactly("200 5 2 0", "200 5 1 0", "200 5 0 2");
    assertThat(told("/c/1")).isEqualTo("429 5 0 2");
  }

  @Test
  void limitOfAnotherPort_doesNotHold() throws Exception {
    serve(ConfigSource.yaml("limits.yaml", ROUTE), 9081);

    for (int i = 0; i < 6; i++) {
      assertThat(told("/c/1")).isEqualTo("200   ");
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "another workload, app: productpage, app: details",
    "another namespace, namespace: istio-system, namespace: other",
    "no shares, default_value: {numerator: 100, default_value: {numerator: 0"
  })
  void limitThatDoesNotConcern_refusesNothing(String name, String from, String to)
      throws Exception {
    serve(ALL.replace(from, to));

    for (int i = 0; i < 5; i++) {
      assertThat(get("/a").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void shareOfRequests_isEnforcedByTheDraw() throws Exception {
    serve(
        ALL.replace(
            "{numerator: 100, denominator: HUNDRED}", "{numerator: 500000, denominator: MILLION}"));
    draw = 49;
    for (int i = 0; i < 3; i++) {
      assertThat(get("/a").statusCode()).isEqualTo(200);
    }
    assertThat(get("/a").statusCode()).isEqualTo(429);

    draw = 50;
    assertThat(get("/a").statusCode()).isEqualTo(200);
  }

  @Test
  void grpcRequest_isAnsweredInItsOwnWay() throws Exception {
    serve(ALL.replace("max_tokens: 3", "max_tokens: 1"));
    get("/a");

    HttpResponse<String> refused = get("/a", "content-type", "application/grpc");

    assertThat(refused.statusCode()).isEqualTo(200);
    assertThat(header(refused, "grpc-status")).isEqualTo("14");
    assertThat(header(refused, "grpc-message")).isEqualTo("local_rate_limited");
    assertThat(header(refused, "content-type")).isEqualTo("application/grpc");
  }

  @Test
  void reload_keepsTheTokensOfWhatStaysAsItWas(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("limits.yaml");
    Files.writeString(file, ALL);
    serve(ConfigSource.path(file), 9080);
    get("/a");
    get("/a");

    var before = mesh.policy();
    Files.writeString(file, "# the same\n" + ALL);
    await(() -> mesh.policy() != before);
    assertThat(told("/a")).isEqualTo("200 3 0 3");

    var after = mesh.policy();
    Files.writeString(file, ALL.replace("max_tokens: 3", "max_tokens: 4"));
    await(() -> mesh.policy() != after);
    assertThat(told("/a")).isEqualTo("200 4 3 0");
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("time for what is awaited").isLessThan(end);
      Thread.onSpinWait();
    }
  }
}
