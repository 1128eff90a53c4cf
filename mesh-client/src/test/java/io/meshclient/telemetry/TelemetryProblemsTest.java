package io.meshclient.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.meshclient.istio.ConfigSource;
import io.meshclient.istio.Configuration;
import io.meshclient.istio.Location;
import io.meshclient.istio.Problem;
import io.meshclient.istio.ProblemsPage;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

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

  @Test
  void whatNothingForesaw_isToldWithItsPlace() {
    TelemetryCompiler compiler =
        new TelemetryCompiler(Configuration.EMPTY, "production", Map.of(), "cluster.local");
    int[] none = {};
    Location place = new Location("mesh.yaml", 6, "accessLogging[0]");
    assertThat(compiler.<Integer>orNull(place, "accessLogging", () -> none[1])).isNull();
    assertThat(compiler.compile(null).problems())
        .map(Problem::toString)
        .containsExactly(
            "MESH0501 mesh.yaml:6 accessLogging: java.lang.ArrayIndexOutOfBoundsException:"
                + " Index 1 out of bounds for length 0 (expected: what can be compiled)");
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "service: a b",
        "service: 'collector:1'",
        "http: {path: v1/traces}, service: collector",
      })
  void providerWithoutAddress_isTold_andSpansGoNowhere(String fields) {
    TelemetryPolicy policy =
        policy(
            "tracing: [{providers: [{name: otel}]}]",
            "extensionProviders: [{name: otel, opentelemetry: {port: 4317, " + fields + "}}]");
    assertThat(policy.provider()).isNull();
    assertThat(policy.problems())
        .singleElement()
        .matches(problem -> problem.code().equals(TelemetryCompiler.NOT_UNDERSTOOD))
        .matches(problem -> problem.location().fileAndLine().equals("mesh:1"))
        .matches(problem -> problem.message().startsWith("extensionProviders.otel: http://"));
  }

  @Test
  void filterThatEndsInADot_isTold() {
    assertThat(
            policy(
                    "accessLogging: [{providers: [{name: file}], filter: {expression: 'response.'}}]",
                    PROVIDERS)
                .problems())
        .map(Problem::toString)
        .containsExactly(
            "MESH0501 telemetry:5 accessLogging: filter: \"response.\": the end (expected: a name"
                + " behind the dot)");
  }

  private static TelemetryPolicy policy(String spec, String mesh) {
    return TelemetryPolicy.compile(
        Configuration.read(
            ConfigSource.yaml("telemetry", TELEMETRY.formatted(spec)),
            ConfigSource.yaml("mesh", mesh).asMeshConfig()),
        "production",
        Map.of(),
        "cluster.local");
  }

  static Stream<Arguments> causes() {
    return Stream.of(
        arguments(
            TelemetryCompiler.NOT_UNDERSTOOD,
            "accessLogging: [{providers: [{name: file}], filter: {expression: 'response.cod >= 400'}}]"),
        arguments(TelemetryCompiler.NO_PROVIDER, "tracing: [{providers: [{name: zipkin}]}]"));
  }
}
