package io.meshclient.spring.server;

import static io.opentelemetry.api.common.AttributeKey.stringKey;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.server.MeshServletFilter;
import io.meshclient.server.ServerPipeline;
import io.meshclient.telemetry.Peer;
import io.meshclient.telemetry.RequestTelemetry;
import io.meshclient.telemetry.TelemetryPolicy;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.http.server.reactive.MockServerHttpResponse;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.request.MockMvcRequestBuilders;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.DispatcherHandler;
import org.springframework.web.reactive.config.EnableWebFlux;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;

/** By which names the spans of requests go that Spring found a handler for. */
class ServerSpanNamesTest {
  private static final InetSocketAddress ADDRESS = new InetSocketAddress("127.0.0.1", 8080);

  private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
  private final OpenTelemetry sdk =
      OpenTelemetrySdk.builder()
          .setTracerProvider(
              SdkTracerProvider.builder()
                  .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                  .build())
          .build();
  private final ServerPipeline pipeline =
      ServerPipeline.builder()
          .telemetry(
              RequestTelemetry.create(
                  sdk, sdk.getPropagators(), Peer.NOBODY, () -> TelemetryPolicy.NONE))
          .build();

  @RestController
  static final class Orders {
    @GetMapping("/orders/{id}")
    String order(@PathVariable("id") String id) {
      return id;
    }
  }

  @EnableWebFlux
  @Configuration(proxyBeanMethods = false)
  static class WebFlux {}

  @ParameterizedTest
  @CsvSource({"/orders/7, GET /orders/{id}, /orders/{id}", "/other, GET, "})
  void servlets_span_is_named_by_the_mapping(String path, String name, String route)
      throws Exception {
    ask(path);
    assertThat(span().getName()).isEqualTo(name);
    assertThat(span().getAttributes().get(stringKey("http.route"))).isEqualTo(route);
  }

  @Test
  void span_of_another_keeps_its_name() throws Exception {
    Span theirs = sdk.getTracer("theirs").spanBuilder("theirs").startSpan();
    try (Scope scope = theirs.makeCurrent()) {
      ask("/orders/7");
    }
    theirs.end();
    assertThat(span().getName()).isEqualTo("theirs");
    assertThat(span().getAttributes().get(stringKey("http.route"))).isNull();
  }

  @ParameterizedTest
  @CsvSource({"/orders/7, GET /orders/{id}, /orders/{id}", "/other, GET, "})
  void webFluxs_span_is_named_by_the_pattern(String path, String name, String route) {
    try (var context = new AnnotationConfigApplicationContext(WebFlux.class, Orders.class)) {
      HttpHandler handler =
          WebHttpHandlerBuilder.webHandler(new DispatcherHandler(context))
              .filter(new MeshWebFilter(pipeline, 0))
              .build();
      handler
          .handle(
              MockServerHttpRequest.get("http://web" + path)
                  .header("host", "web")
                  .remoteAddress(ADDRESS)
                  .localAddress(ADDRESS)
                  .build(),
              new MockServerHttpResponse())
          .block(Duration.ofSeconds(30));
    }
    assertThat(span().getName()).isEqualTo(name);
    assertThat(span().getAttributes().get(stringKey("http.route"))).isEqualTo(route);
  }

  private void ask(String path) throws Exception {
    MockMvc mvc =
        MockMvcBuilders.standaloneSetup(new Orders())
            .addFilters(MeshServletFilter.of(pipeline))
            .build();
    mvc.perform(MockMvcRequestBuilders.get(path).header("host", "web"));
  }

  private SpanData span() {
    assertThat(exporter.getFinishedSpanItems()).hasSize(1);
    return exporter.getFinishedSpanItems().get(0);
  }
}
