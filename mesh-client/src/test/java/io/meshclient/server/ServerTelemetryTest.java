package io.meshclient.server;

import static io.opentelemetry.api.common.AttributeKey.longKey;
import static io.opentelemetry.api.common.AttributeKey.stringKey;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.meshclient.telemetry.Peer;
import io.meshclient.telemetry.RequestTelemetry;
import io.meshclient.telemetry.TelemetryPolicy;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.MDC;
import org.slf4j.helpers.BasicMDCAdapter;
import org.slf4j.spi.MDCAdapter;

@Timeout(60)
class ServerTelemetryTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String TRACEPARENT = "00-" + TRACE + "-b7ad6b7169203331-01";

  private static final MDCAdapter BEFORE = MDC.getMDCAdapter();

  private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
  private final OpenTelemetry sdk =
      OpenTelemetrySdk.builder()
          .setTracerProvider(
              SdkTracerProvider.builder()
                  .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                  .build())
          .build();
  private final RequestTelemetry telemetry =
      RequestTelemetry.create(sdk, sdk.getPropagators(), Peer.NOBODY, () -> TelemetryPolicy.NONE);
  private final AtomicReference<Map<String, String>> lines = new AtomicReference<>();
  private final AtomicReference<String> current = new AtomicReference<>();
  private final CountDownLatch done = new CountDownLatch(1);
  private volatile int status = 200;
  private volatile Span theirs;
  private volatile String afterwards;
  private HttpServer server;

  /** The logger of the tests keeps no context. */
  @BeforeAll
  static void keepLogContext() throws ReflectiveOperationException {
    setLogContext(new BasicMDCAdapter());
  }

  @AfterAll
  static void restoreLogContext() throws ReflectiveOperationException {
    setLogContext(BEFORE);
  }

  private static void setLogContext(MDCAdapter adapter) throws ReflectiveOperationException {
    Method setter = MDC.class.getDeclaredMethod("setMDCAdapter", MDCAdapter.class);
    setter.setAccessible(true);
    setter.invoke(null, adapter);
  }

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    var context =
        server.createContext(
            "/",
            exchange -> {
              try (exchange) {
                lines.set(MDC.getCopyOfContextMap());
                current.set(Span.current().getSpanContext().getSpanId());
                if (status == 0) {
                  throw new IllegalStateException("broken");
                }
                exchange.sendResponseHeaders(status, -1);
              }
            });
    context.getFilters().add(new Outside());
    context.getFilters().add(MeshHttpFilter.builder().telemetry(telemetry).build());
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    telemetry.close();
  }

  @Test
  void request_hasAServerSpan_belowItsCallers() throws Exception {
    get("/orders?token=abc&page=2", "traceparent", TRACEPARENT);
    SpanData span = span();
    assertThat(span.getKind()).isEqualTo(SpanKind.SERVER);
    assertThat(span.getTraceId()).isEqualTo(TRACE);
    assertThat(span.getParentSpanId()).isEqualTo("b7ad6b7169203331");
    assertThat(span.getAttributes().get(stringKey("url.path"))).isEqualTo("/orders");
    assertThat(span.getAttributes().get(stringKey("url.query"))).isEqualTo("token=REDACTED&page=2");
    assertThat(span.getAttributes().get(longKey("http.response.status_code"))).isEqualTo(200);
    assertThat(span.getAttributes().get(stringKey("client.address"))).isEqualTo("127.0.0.1");
    assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
    assertThat(current.get()).isEqualTo(span.getSpanId());
  }

  @Test
  void request_thatFails_saysSo() throws Exception {
    status = 503;
    get("/", "x-any", "1");
    assertThat(span().getAttributes().get(stringKey("error.type"))).isEqualTo("503");
    assertThat(span().getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
  }

  @Test
  void client_error_isNone_ofTheServers() throws Exception {
    status = 404;
    get("/", "x-any", "1");
    assertThat(span().getAttributes().get(stringKey("error.type"))).isNull();
  }

  @Test
  void logLines_canBeToldApart_withinTheHandler() throws Exception {
    get("/", "traceparent", TRACEPARENT, "x-request-id", "r1");
    assertThat(lines.get())
        .containsEntry("trace_id", TRACE)
        .containsEntry("span_id", span().getSpanId())
        .containsEntry("request_id", "r1");
  }

  @Test
  void request_whoseSpanIsOpenAlready_getsNone() throws Exception {
    theirs = sdk.getTracer("theirs").spanBuilder("GET").startSpan();
    get("/", "traceparent", TRACEPARENT);
    assertThat(current.get()).isEqualTo(theirs.getSpanContext().getSpanId());
    assertThat(exporter.getFinishedSpanItems()).isEmpty();
  }

  @Test
  void logLines_areAsBefore_afterTheHandler() throws Exception {
    get("/", "x-request-id", "r1");
    assertThat(afterwards).isEqualTo("outside");
  }

  private SpanData span() {
    assertThat(exporter.getFinishedSpanItems()).hasSize(1);
    return exporter.getFinishedSpanItems().get(0);
  }

  /** What stands around the library's filter: another instrumentation, perhaps. */
  private final class Outside extends Filter {
    @Override
    public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
      MDC.put("request_id", "outside");
      try (Scope scope = theirs == null ? Scope.noop() : theirs.makeCurrent()) {
        chain.doFilter(exchange);
      } finally {
        afterwards = MDC.get("request_id");
        MDC.clear();
        done.countDown();
      }
    }

    @Override
    public String description() {
      return "outside";
    }
  }

  private void get(String path, String... headers) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path))
            .headers(headers)
            .build();
    HttpClient.newHttpClient().send(request, BodyHandlers.discarding());
    assertThat(done.await(30, TimeUnit.SECONDS)).isTrue(); // the answer is out before
  }
}
