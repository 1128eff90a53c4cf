package io.meshclient.spring.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.MeshClient;
import io.meshclient.context.MeshContext;
import io.meshclient.istio.ConfigSource;
import io.meshclient.resilience.RateLimit;
import io.meshclient.server.ServerPipeline;
import io.meshclient.spring.context.ReactorContexts;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

class MeshWebFilterTest {
  private static final InetSocketAddress ADDRESS = new InetSocketAddress("127.0.0.1", 8080);
  private static final String DENIES =
      """
      apiVersion: security.istio.io/v1
      kind: AuthorizationPolicy
      metadata: {name: denied, namespace: default}
      spec:
        action: DENY
        rules:
          - to: [{operation: {paths: [/admin*, /exact]}}]
      """;

  private final AtomicReference<ServerWebExchange> reached = new AtomicReference<>();
  private final AtomicReference<MeshContext> travelled = new AtomicReference<>();
  private final WebFilterChain chain =
      exchange ->
          Mono.deferContextual(
              view -> {
                reached.set(exchange);
                travelled.set(MeshContext.from(ReactorContexts.of(view)));
                return Mono.empty();
              });

  private static MockServerWebExchange exchange(String target) {
    return MockServerWebExchange.from(
        MockServerHttpRequest.method(HttpMethod.GET, URI.create("http://web" + target))
            .remoteAddress(ADDRESS)
            .localAddress(ADDRESS)
            .header("host", "web")
            .header("x-canary", "true"));
  }

  private static MeshWebFilter filter(ServerPipeline.Builder builder) {
    return new MeshWebFilter(builder.build(), 0);
  }

  @Test
  void what_came_in_is_in_reactors_context() {
    filter(ServerPipeline.builder()).filter(exchange("/"), chain).block(Duration.ofSeconds(30));
    assertThat(travelled.get().header("x-canary")).isEqualTo("true");
    assertThat(travelled.get().requestId()).isNotNull();
    assertThat(MeshContext.current().isEmpty()).as("nothing stays on the thread").isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/admin", "/admin/x", "/x/../admin", "/%61dmin"})
  void denied_path_is_answered_403_however_it_is_written(String path) {
    try (MeshClient mesh =
        MeshClient.builder().config(ConfigSource.yaml("rules.yaml", DENIES)).build()) {
      MockServerWebExchange exchange = exchange(path);
      filter(ServerPipeline.builder().inboundRules(mesh))
          .filter(exchange, chain)
          .block(Duration.ofSeconds(30));
      assertThat(exchange.getResponse().getStatusCode()).isEqualTo(HttpStatusCode.valueOf(403));
      assertThat(exchange.getResponse().getBodyAsString().block()).isEqualTo("RBAC: access denied");
      assertThat(reached.get()).isNull();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/exact;x=1", "/exact;", "/x/..%2Fexact", "/a%5Cb"})
  void path_that_spring_reads_otherwise_is_answered_400(String path) {
    try (MeshClient mesh =
        MeshClient.builder().config(ConfigSource.yaml("rules.yaml", DENIES)).build()) {
      MockServerWebExchange exchange = exchange(path);
      filter(ServerPipeline.builder().inboundRules(mesh))
          .filter(exchange, chain)
          .block(Duration.ofSeconds(30));
      assertThat(exchange.getResponse().getStatusCode()).isEqualTo(HttpStatusCode.valueOf(400));
      assertThat(reached.get()).isNull();
    }
  }

  @Test
  void handler_sees_the_path_that_was_decided_about() {
    try (MeshClient mesh =
        MeshClient.builder().config(ConfigSource.yaml("rules.yaml", DENIES)).build()) {
      filter(ServerPipeline.builder().inboundRules(mesh))
          .filter(exchange("/a/../b?c=d"), chain)
          .block(Duration.ofSeconds(30));
      assertThat(reached.get().getRequest().getPath().value()).isEqualTo("/b");
      assertThat(reached.get().getRequest().getQueryParams().getFirst("c")).isEqualTo("d");
    }
  }

  @Test
  void what_comes_too_often_is_answered_429() {
    MeshWebFilter filter =
        filter(ServerPipeline.builder().rateLimit("/", RateLimit.of(1, Duration.ofHours(1))));
    filter.filter(exchange("/"), chain).block(Duration.ofSeconds(30));
    MockServerWebExchange second = exchange("/");
    filter.filter(second, chain).block(Duration.ofSeconds(30));
    assertThat(second.getResponse().getStatusCode()).isEqualTo(HttpStatusCode.valueOf(429));
    assertThat(second.getResponse().getHeaders().getFirst("Retry-After")).isNotNull();
  }
}
