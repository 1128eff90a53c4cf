package io.meshclient.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.meshclient.istio.ConfigSource;
import io.meshclient.istio.Configuration;
import io.meshclient.istio.Problem;
import io.meshclient.istio.ProblemsPage;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each code of telemetry is on docs/problems.md, with an example that can be had. */
class TelemetryProblemsTest {
  private static final String TELEMETRY =
      """
      apiVersion: telemetry.istio.io/v1
      kind: Telemetry
      metadata: {name: mesh, namespace: istio-system}
      spec:
        %s
      """;
  private static final String PROVIDERS =
      """
      extensionProviders:
      - name: zipkin
        zipkin: {service: zipkin.observability.svc.cluster.local, port: 9411}
      - name: file
        envoyFileAccessLog: {path: /dev/stdout}
      """;

  @Test
  void codes_areThoseOfThePage() {
    assertThat(ProblemsPage.rows().keySet().stream().filter(code -> code.startsWith("MESH05")))
        .containsExactly(TelemetryCompiler.NOT_UNDERSTOOD, TelemetryCompiler.NO_PROVIDER);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("causes")
  void example_ofThePage_isWhatIsTold(String code, String spec) {
    ProblemsPage.Row row = ProblemsPage.rows().get(code);
    Configuration configuration =
        Configuration.read(
            ConfigSource.yaml("telemetry", TELEMETRY.formatted(spec)),
            ConfigSource.yaml("mesh", PROVIDERS).asMeshConfig());

    assertThat(
            TelemetryPolicy.compile(configuration, "production", Map.of(), "cluster.local")
                .problems())
        .as(row.example())
        .anyMatch(
            problem ->
                problem.code().equals(code)
                    && row.isExampledBy(problem.message())
                    && row.warning() == (problem.severity() == Problem.Severity.WARNING));
  }

  static Stream<Arguments> causes() {
    return Stream.of(
        arguments(
            TelemetryCompiler.NOT_UNDERSTOOD,
            "accessLogging: [{providers: [{name: file}], filter: {expression: 'response.cod >= 400'}}]"),
        arguments(TelemetryCompiler.NO_PROVIDER, "tracing: [{providers: [{name: zipkin}]}]"));
  }
}
