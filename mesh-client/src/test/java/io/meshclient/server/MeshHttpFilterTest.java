package io.meshclient.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import io.meshclient.context.MeshContext;
import io.meshclient.context.OutboundHeaders;
import io.meshclient.context.PropagationPolicy;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.ContextPropagators;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MeshHttpFilterTest {

  private static final String TRACEPARENT =
      "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  private final HttpClient http = HttpClient.newHttpClient();
  private HttpServer server;
  private ExecutorService executor = Executors.newSingleThreadExecutor();

  @BeforeEach
  void bind() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  }

  @AfterEach
  void stop() {
    server.stop(0);
    executor.shutdownNow();
  }

  @Test
  void handler_seesWhatTravels() throws Exception {
    serve(MeshHttpFilter.create(), () -> MeshContext.current().header("x-canary"));
    assertThat(get("X-Canary", "true")).isEqualTo("true");
    assertThat(get()).isEqualTo("null");
  }

  @Test
  void handler_callsShareTheRequestId() throws Exception {
    OutboundHeaders outbound =
        OutboundHeaders.create(PropagationPolicy.defaults(), ContextPropagators.noop());
    serve(
        MeshHttpFilter.create(),
        () -> {
          List<String> ids = new ArrayList<>();
          for (String host : List.of("order-service", "payment-service")) {
            outbound.apply(
                Context.current(), host, ids, (r, name) -> false, (r, name, value) -> r.add(value));
          }
          ids.add(MeshContext.current().requestId());
          return String.join(" ", ids);
        });
    String[] first = get().split(" ");
    assertThat(first).hasSize(3).containsOnly(first[0]);
    assertThat(get().split(" ")).doesNotContain(first[0]);
    assertThat(get("x-request-id", "r1")).isEqualTo("r1 r1 r1");
  }

  @Test
  void handler_runsInTheCallersTrace() throws Exception {
    serve(
        MeshHttpFilter.builder()
            .propagators(ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
            .build(),
        () -> Span.current().getSpanContext().getTraceId());
    assertThat(get("traceparent", TRACEPARENT)).isEqualTo("0af7651916cd43dd8448eb211c80319c");
    assertThat(get("traceparent", TRACEPARENT, "Traceparent", TRACEPARENT)).matches("0+");
  }

  @Test
  void handler_policyOfItsOwn() throws Exception {
    serve(
        MeshHttpFilter.builder()
            .policy(PropagationPolicy.builder().allow("x-tenant").deny("x-canary").build())
            .build(),
        () -> MeshContext.current().names().toString());
    assertThat(get("x-tenant", "t", "x-canary", "true")).isEqualTo("[x-tenant, x-request-id]");
  }

  @Test
  void handlerThatThrows_leavesNothingOnTheThread() throws Exception {
    serve(
        MeshHttpFilter.create(),
        () -> {
          throw new IllegalStateException("from the handler");
        });
    try {
      get("x-canary", "true");
    } catch (IOException expected) {
      // the server drops the connection
    }
    assertThat(executor.submit(Context::current).get()).isSameAs(Context.root());
  }

  @Test
  void handlerOnVirtualThreads_seesItsOwnRequest() throws Exception {
    assumeTrue(Runtime.version().feature() >= 21, "virtual threads");
    executor.shutdown();
    executor =
        (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    serve(MeshHttpFilter.create(), () -> MeshContext.current().header("x-user-id"));
    for (int i = 0; i < 20; i++) {
      assertThat(get("x-user-id", "u" + i)).isEqualTo("u" + i);
    }
  }

  private void serve(MeshHttpFilter filter, Supplier<String> body) {
    server.setExecutor(executor);
    server
        .createContext(
            "/",
            exchange -> {
              byte[] bytes = String.valueOf(body.get()).getBytes(StandardCharsets.UTF_8);
              exchange.sendResponseHeaders(200, bytes.length);
              try (OutputStream out = exchange.getResponseBody()) {
                out.write(bytes);
              }
            })
        .getFilters()
        .add(filter);
    server.start();
  }

  private String get(String... headers) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    HttpRequest.Builder request = HttpRequest.newBuilder(uri);
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return http.send(request.build(), BodyHandlers.ofString()).body();
  }
}
