package io.meshclient.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.MeshClient;
import io.meshclient.server.MeshServletFilter;
import io.meshclient.spring.server.MeshServerAutoConfiguration;
import io.meshclient.spring.server.MeshServletAutoConfiguration;
import io.meshclient.spring.test.MeshExtension;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

/** What {@code mesh.client.telemetry.*} makes of requests to a servlet, and of a client's calls. */
@ExtendWith(OutputCaptureExtension.class)
class TelemetryOfRequestsTest {
  @RegisterExtension static final MeshExtension endpoints = new MeshExtension();

  private static final String ON = "mesh.client.telemetry.access-log=true";
  private static final String OFF = "mesh.client.telemetry.access-log=false";
  private static final String NOTHING = "mesh.client.telemetry.enabled=false";
  private static final String DENIES =
      """
      apiVersion: security.istio.io/v1
      kind: AuthorizationPolicy
      metadata: {name: denied, namespace: default}
      spec:
        action: DENY
        rules:
          - to: [{operation: {paths: [/admin]}}]
      """;
  private static final String[] LINES = {"GET /open ", "GET /admin ", "GET /called "};

  static {
    endpoints.endpoint("orders", "v1");
  }

  @TempDir Path rules;
  private final InMemorySpanExporter spans = InMemorySpanExporter.create();
  private final List<Integer> statuses = new ArrayList<>();
  private int recorded;

  @Test
  void no_log_is_written_by_default(CapturedOutput output) throws Exception {
    requests("");
    assertThat(output).doesNotContain(LINES);
    assertThat(recorded).isGreaterThanOrEqualTo(LINES.length);
  }

  @Test
  void log_is_written_where_it_is_wanted(CapturedOutput output) throws Exception {
    requests("", ON);
    assertThat(output).contains(LINES);
  }

  @Test
  void log_of_a_resource_is_not_written_where_none_is_wanted(CapturedOutput output)
      throws Exception {
    requests(logging("[{}]"), OFF);
    assertThat(output).doesNotContain(LINES);
    assertThat(recorded).isGreaterThanOrEqualTo(LINES.length);
  }

  @Test
  void log_that_is_wanted_is_a_resources_to_filter(CapturedOutput output) throws Exception {
    requests(logging("[{filter: {expression: 'response.code == 403'}}]"), ON);
    assertThat(output).contains("GET /admin ").doesNotContain("GET /open ", "GET /called ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[{}]"})
  void nothing_is_recorded_where_telemetry_is_off(String logs, CapturedOutput output)
      throws Exception {
    requests(logging(logs), NOTHING);
    assertThat(output).doesNotContain(LINES);
    assertThat(recorded).isZero();
  }

  @Test
  void log_alone_is_written_where_it_alone_is_wanted(CapturedOutput output) throws Exception {
    requests("", NOTHING, ON);
    assertThat(output).contains(LINES);
    assertThat(recorded).isZero();
  }

  private static String logging(String logs) {
    return logs.isEmpty()
        ? ""
        : """
          ---
          apiVersion: telemetry.istio.io/v1
          kind: Telemetry
          metadata: {name: own, namespace: default}
          spec: {accessLogging: %s}
          """
            .formatted(logs);
  }

  /** Two requests and a call; what is decided is the same, whatever is recorded. */
  private void requests(String more, String... properties) throws IOException {
    Files.writeString(rules.resolve("rules.yaml"), DENIES + more);
    new WebApplicationContextRunner()
        .withConfiguration(
            AutoConfigurations.of(
                MeshClientAutoConfiguration.class,
                MeshServerAutoConfiguration.class,
                MeshServletAutoConfiguration.class))
        .withBean(OpenTelemetry.class, this::own)
        .withBean(
            MeshClientBuilderCustomizer.class,
            () -> builder -> endpoints.applyTo(builder.namespace("default")))
        .withPropertyValues("mesh.client.mode=none", "mesh.client.config.locations=file:" + rules)
        .withPropertyValues(properties)
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              MeshServletFilter filter =
                  (MeshServletFilter) context.getBean(FilterRegistrationBean.class).getFilter();
              statuses.add(status(filter, "/open"));
              statuses.add(status(filter, "/admin"));
              statuses.add(call(context.getBean(MeshClient.class)));
              recorded = spans.getFinishedSpanItems().size(); // closed, the exporter forgets them
            });
    assertThat(statuses).containsExactly(200, 403, 200);
  }

  private static int status(MeshServletFilter filter, String path) throws Exception {
    MockHttpServletRequest request = new MockHttpServletRequest("GET", path);
    request.setServletPath(path); // a container does
    request.addHeader("host", "web");
    MockHttpServletResponse response = new MockHttpServletResponse();
    filter.doFilter(request, response, (decided, answer) -> {});
    return response.getStatus();
  }

  private static int call(MeshClient mesh) throws IOException {
    Request request = new Request.Builder().url("http://orders/called").build();
    try (Response response = mesh.okHttpClient().newCall(request).execute()) {
      response.body().bytes();
      return response.code();
    }
  }

  private OpenTelemetry own() {
    return OpenTelemetrySdk.builder()
        .setTracerProvider(
            SdkTracerProvider.builder().addSpanProcessor(SimpleSpanProcessor.create(spans)).build())
        .build();
  }
}
