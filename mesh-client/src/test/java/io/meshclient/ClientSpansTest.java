package io.meshclient;

import static io.opentelemetry.api.common.AttributeKey.longKey;
import static io.opentelemetry.api.common.AttributeKey.stringKey;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshclient.TestServer.Answer;
import io.meshclient.istio.ConfigSource;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ClientSpansTest {
  private static final String RULES =
      """
      apiVersion: networking.istio.io/v1
      kind: VirtualService
      metadata: {name: orders}
      spec:
        hosts: [orders]
        http:
        - name: all
          retries: {attempts: 2, retryOn: '5xx,connect-failure'}
          route: [{destination: {host: orders, subset: v1}}]
      ---
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata: {name: orders}
      spec:
        host: orders
        subsets: [{name: v1, labels: {version: v1}}]
      """;

  private static final String FORMAT =
      "%REQ(:METHOD)% %REQ(:PATH)% %RESPONSE_CODE% %RESPONSE_FLAGS% %RESPONSE_CODE_DETAILS%"
          + " %BYTES_SENT% %ROUTE_NAME% %UPSTREAM_HOST%";

  private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
  private final AtomicInteger failures = new AtomicInteger();
  private final TestServer server =
      new TestServer(
          seen ->
              failures.getAndDecrement() > 0
                  ? new Answer(503, "no")
                  : seen.uri().startsWith("/moved")
                      ? new Answer(302, "", "Location", "/there")
                      : Answer.ok("yes"));

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void call_hasASpan_andEachTryAChild() throws IOException {
    failures.set(1);
    try (MeshClient mesh = mesh(sdk(Sampler.alwaysOn()), server.port())) {
      get(mesh, "http://user:pw@orders/a?token=abc&b=c");
    }
    SpanData call = call();
    assertThat(call.getKind()).isEqualTo(SpanKind.CLIENT);
    assertThat(call.getName()).isEqualTo("GET");
    assertThat(call.getAttributes().get(stringKey("http.request.method"))).isEqualTo("GET");
    assertThat(call.getAttributes().get(stringKey("url.full")))
        .isEqualTo("http://REDACTED:REDACTED@orders/a?token=REDACTED&b=c");
    assertThat(call.getAttributes().get(stringKey("server.address"))).isEqualTo("orders");
    assertThat(call.getAttributes().get(longKey("server.port"))).isEqualTo(80);
    assertThat(call.getAttributes().get(longKey("http.response.status_code"))).isEqualTo(200);
    assertThat(call.getAttributes().get(stringKey("network.protocol.version"))).isEqualTo("1.1");
    assertThat(call.getAttributes().get(stringKey("mesh.service")))
        .isEqualTo("orders.default.svc.cluster.local");
    assertThat(call.getAttributes().get(stringKey("mesh.subset"))).isEqualTo("v1");
    assertThat(call.getAttributes().get(stringKey("mesh.rule"))).isEqualTo("rules:7 http[0]");
    assertThat(call.getAttributes().get(longKey("mesh.retries"))).isEqualTo(1);
    List<SpanData> tries = tries(call);
    assertThat(tries).hasSize(2);
    assertThat(tries.get(0).getAttributes().get(longKey("http.request.resend_count"))).isNull();
    assertThat(tries.get(0).getAttributes().get(stringKey("error.type"))).isEqualTo("503");
    assertThat(tries.get(1).getAttributes().get(longKey("http.request.resend_count"))).isEqualTo(1);
    // Each try's server hangs below that try.
    assertThat(server.seen.stream().map(seen -> seen.headers().getFirst("traceparent")))
        .containsExactly(traceparent(tries.get(0)), traceparent(tries.get(1)));
  }

  @Test
  void call_withoutConnection_hasASpanAllTheSame() throws IOException {
    try (RefusingPort closed = new RefusingPort();
        MeshClient mesh = mesh(sdk(Sampler.alwaysOn()), closed.port())) {
      get(mesh, "http://orders/a");
      assertThatThrownBy(() -> get(mesh, "http://" + closed.hostPort() + "/a"))
          .isInstanceOf(IOException.class);
    }
    List<SpanData> calls =
        exporter.getFinishedSpanItems().stream()
            .filter(span -> !span.getParentSpanContext().isValid())
            .toList();
    assertThat(calls).hasSize(2);
    SpanData routed = calls.get(0);
    assertThat(routed.getAttributes().get(longKey("http.response.status_code"))).isEqualTo(503);
    assertThat(routed.getAttributes().get(stringKey("error.type"))).isEqualTo("503");
    assertThat(routed.getAttributes().get(stringKey("mesh.flags"))).contains("UF");
    assertThat(tries(routed).get(0).getAttributes().get(stringKey("error.type")))
        .isEqualTo("java.net.ConnectException");
    assertThat(tries(routed).get(0).getAttributes().get(stringKey("network.peer.address")))
        .isEqualTo("127.0.0.1");
    SpanData plain = calls.get(1);
    assertThat(plain.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(plain.getAttributes().get(stringKey("error.type")))
        .isEqualTo("java.net.ConnectException");
  }

  @Test
  void call_thatFollowsARedirect_isOneSpan() throws IOException {
    try (MeshClient mesh = mesh(sdk(Sampler.alwaysOn()), server.port())) {
      get(mesh, "http://orders/moved");
    }
    assertThat(tries(call())).hasSize(2);
  }

  @Test
  void call_belowASpan_isItsChild() throws IOException {
    OpenTelemetry sdk = sdk(Sampler.alwaysOn());
    Span parent = sdk.getTracer("test").spanBuilder("job").startSpan();
    try (MeshClient mesh = mesh(sdk, server.port());
        Scope scope = parent.makeCurrent()) {
      get(mesh, "http://orders/a");
    }
    assertThat(exporter.getFinishedSpanItems())
        .anyMatch(span -> span.getParentSpanId().equals(parent.getSpanContext().getSpanId()))
        .allMatch(span -> span.getTraceId().equals(parent.getSpanContext().getTraceId()));
  }

  @Test
  void call_thatIsInstrumentedAlready_getsNoSpanOfOurs() throws IOException {
    OpenTelemetry sdk = sdk(Sampler.alwaysOn());
    String theirs = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    try (MeshClient mesh = mesh(sdk, server.port())) {
      Request request =
          new Request.Builder().url("http://orders/a").header("traceparent", theirs).build();
      mesh.okHttpClient().newCall(request).execute().close();
    }
    assertThat(exporter.getFinishedSpanItems()).isEmpty();
    assertThat(server.seen.get(0).headers().get("traceparent")).containsExactly(theirs);
  }

  @Test
  void call_thatIsNotSampled_saysSo_andHasNoTries() throws IOException {
    try (MeshClient mesh = mesh(sdk(Sampler.alwaysOff()), server.port())) {
      get(mesh, "http://orders/a");
    }
    assertThat(exporter.getFinishedSpanItems()).isEmpty();
    assertThat(server.seen.get(0).headers().getFirst("traceparent")).matches("00-.*-0[02]");
  }

  @Test
  void call_withoutTelemetry_leavesNoTrace() throws IOException {
    try (MeshClient mesh = mesh(OpenTelemetry.noop(), server.port())) {
      get(mesh, "http://orders/a");
    }
    assertThat(server.seen.get(0).headers().containsKey("traceparent")).isFalse();
  }

  @Test
  void call_withoutTelemetry_takesNothing() {
    try (MeshClient mesh = mesh(OpenTelemetry.noop(), server.port())) {
      ClientTelemetry telemetry = new ClientTelemetry(mesh.telemetry(), mesh.stages());
      Request request = new Request.Builder().url("http://orders/a").build();
      assertThat(telemetry.begin(request, Context.root(), false)).isSameAs(CallTrace.OFF);
    }
  }

  @Test
  void accessLog_hasALine_whenTheAnswerIsRead(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("access.log");
    try (MeshClient mesh = logging(file).build()) {
      get(mesh, "http://orders/a?token=abc");
      get(mesh, "http://orders/b");
    }
    assertThat(Files.readAllLines(file))
        .containsExactly(
            "GET /a?token=REDACTED 200 - via_upstream 3 all 127.0.0.1:" + server.port(),
            "GET /b 200 - via_upstream 3 all 127.0.0.1:" + server.port());
  }

  @Test
  void accessLog_hasNoLine_whereTheEnvironmentWantsNone(@TempDir Path directory)
      throws IOException {
    Path file = directory.resolve("access.log");
    Map<String, String> off = Map.of("MESH_CLIENT_ACCESS_LOG", "off");
    try (MeshClient mesh = logging(file).environment(off).build()) {
      get(mesh, "http://orders/a");
    }
    assertThat(file).doesNotExist();
    try (MeshClient mesh = logging(file).environment(off).accessLog(true).build()) {
      get(mesh, "http://orders/b");
    }
    assertThat(file).as("what the builder is told comes first").content().startsWith("GET /b 200");
  }

  private MeshClientBuilder logging(Path file) {
    return MeshClient.builder()
        .environment(Map.of())
        .service("web")
        .config(ConfigSource.yaml("rules", RULES))
        .meshConfig("accessLogFile: " + file + "\naccessLogFormat: '" + FORMAT + "'\n")
        .endpoint("orders", "v1", "127.0.0.1:" + server.port())
        .openTelemetry(OpenTelemetry.noop());
  }

  private SpanData call() {
    return exporter.getFinishedSpanItems().stream()
        .filter(span -> !span.getParentSpanContext().isValid())
        .findFirst()
        .orElseThrow();
  }

  private List<SpanData> tries(SpanData call) {
    return exporter.getFinishedSpanItems().stream()
        .filter(span -> span.getParentSpanId().equals(call.getSpanId()))
        .toList();
  }

  private static String traceparent(SpanData span) {
    return "00-"
        + span.getTraceId()
        + "-"
        + span.getSpanId()
        + "-"
        + span.getSpanContext().getTraceFlags().asHex();
  }

  private static void get(MeshClient mesh, String url) throws IOException {
    try (Response response =
        mesh.okHttpClient().newCall(new Request.Builder().url(url).build()).execute()) {
      assertThat(response.body().string()).isNotNull();
    }
  }

  private static MeshClient mesh(OpenTelemetry openTelemetry, int port) {
    return MeshClient.builder()
        .environment(Map.of())
        .service("web")
        .config(ConfigSource.yaml("rules", RULES))
        .endpoint("orders", "v1", "127.0.0.1:" + port)
        .openTelemetry(openTelemetry)
        .build();
  }

  private OpenTelemetry sdk(Sampler sampler) {
    return OpenTelemetrySdk.builder()
        .setTracerProvider(
            SdkTracerProvider.builder()
                .setSampler(sampler)
                .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                .build())
        .build();
  }
}
