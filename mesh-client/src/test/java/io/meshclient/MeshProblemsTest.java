package io.meshclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.failsafe.RetryPolicy;
import io.meshclient.istio.ConfigSource;
import io.meshclient.istio.Problem;
import io.meshclient.istio.ProblemsPage;
import io.meshclient.mesh.MeshMode;
import io.meshclient.resilience.FailsafePolicies;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each code of the mesh is on docs/problems.md, with an example that can be had. */
class MeshProblemsTest {
  private static final String RULES =
      """
      apiVersion: networking.istio.io/v1
      kind: VirtualService
      metadata: {name: payment}
      spec:
        hosts: [payment]
        http:
        - route: [{destination: {host: payment}}]
          retries: {attempts: 3, retryOn: 5xx}
      """;

  @Test
  void codes_areThoseOfThePage() {
    assertThat(ProblemsPage.rows().keySet().stream().filter(code -> code.matches("MESH0[46].*")))
        .containsExactlyElementsOf(
            Arrays.stream(MeshProblems.Code.values()).map(code -> code.id).toList());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("causes")
  void example_ofThePage_isWhatIsTold(String code, MeshMode mode) {
    ProblemsPage.Row row = ProblemsPage.rows().get(code);

    try (MeshClient mesh = client(mode, 3)) {
      assertThat(mesh.problems())
          .as(row.example())
          .anyMatch(
              p ->
                  p.code().equals(code)
                      && row.isExampledBy(p.message())
                      && row.warning() == (p.severity() == Problem.Severity.WARNING));
    }
  }

  static Stream<Arguments> causes() {
    return Stream.of(
        arguments("MESH0401", MeshMode.ISTIO), arguments("MESH0402", MeshMode.LINKERD));
  }

  @Test
  void retriesOfOneLayer_areNoProblem() {
    try (MeshClient once = client(MeshMode.ISTIO, 1);
        MeshClient library = client(MeshMode.NONE, 3);
        MeshClient ztunnel = client(MeshMode.AMBIENT, 3)) {
      assertThat(once.problems()).isEmpty();
      assertThat(library.problems()).isEmpty();
      assertThat(ztunnel.problems()).isEmpty();
    }
  }

  @Test
  void retriesWithoutEnd_areSaidSo() {
    try (MeshClient mesh = client(MeshMode.ISTIO, -1)) {
      assertThat(mesh.problems())
          .map(Problem::message)
          .containsExactly(
              "http[0].retries: any number x 4 requests for one call at most, by Failsafe's"
                  + " policies, by istio (expected: one layer that retries)");
    }
  }

  private static MeshClient client(MeshMode mode, int attempts) {
    return MeshClient.builder()
        .environment(Map.of())
        .meshMode(mode)
        .config(ConfigSource.yaml("rules.yaml", RULES))
        .failsafe(
            "payment",
            FailsafePolicies.of(RetryPolicy.<Response>builder().withMaxAttempts(attempts).build()))
        .build();
  }
}
