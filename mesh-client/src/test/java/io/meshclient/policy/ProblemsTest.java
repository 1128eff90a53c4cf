package io.meshclient.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.meshclient.istio.Problem;
import io.meshclient.istio.ProblemsPage;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each code of the compiler is on docs/problems.md, with an example that can be had. */
class ProblemsTest {
  private static final Workload WEB = new Workload("web", Map.of(), null, Workload.DEFAULT_DOMAIN);

  @Test
  void codes_areThoseOfThePage() {
    assertThat(ProblemsPage.rows().keySet().stream().filter(code -> code.startsWith("MESH02")))
        .containsExactlyElementsOf(
            Arrays.stream(Problems.Code.values()).map(code -> code.id).toList());
  }

  @Test
  void causes_areThoseOfAllCodes() {
    assertThat(causes().map(cause -> cause.get()[0]))
        .containsExactlyElementsOf(
            Arrays.stream(Problems.Code.values()).map(code -> code.id).toList());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("causes")
  void example_ofThePage_isWhatIsTold(String code, String yaml) {
    ProblemsPage.Row row = ProblemsPage.rows().get(code);

    assertThat(Policies.of(WEB, List.of(), Policies.CLUSTER, yaml).problems())
        .as(row.example())
        .anyMatch(
            p ->
                p.code().equals(code)
                    && row.isExampledBy(p.message())
                    && row.warning() == (p.severity() == Problem.Severity.WARNING));
  }

  static Stream<Arguments> causes() {
    String route = "route: [{destination: {host: orders}}]";
    return Stream.of(
        arguments("MESH0201", rules("{match: [{uri: {regex: (a}}], " + route + "}")),
        arguments("MESH0202", rules("{headers: {request: {set: {x-a: 100%}}}, " + route + "}")),
        arguments("MESH0203", rules("{route: [{destination: {host: nobody}}]}")),
        arguments("MESH0204", rules("{route: [{destination: {host: orders, subset: v9}}]}")),
        arguments(
            "MESH0205",
            settings(
                "subsets: [{name: v1, labels: {version: v1}}, {name: v3, labels: {version: v3}}]")),
        arguments(
            "MESH0206",
            rules("{match: [{uri: {exact: /a}}], " + route + "}, {delegate: {name: rules}}")),
        arguments("MESH0207", older() + "---\n" + rules("{" + route + "}")),
        arguments(
            "MESH0208",
            """
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: far, namespace: production}
            spec: {hosts: [far.example], ports: [{number: 80, name: http}], resolution: DNS}
            ---
            """
                + settings("subsets: [{name: v1, labels: {version: v1}}]")
                    .replace("host: orders", "host: far.example")),
        arguments("MESH0210", rules("{" + route + "}, {" + route + "}")),
        arguments("MESH0211", rules("{corsPolicy: {allowOrigins: []}, " + route + "}")),
        arguments("MESH0212", FOUR_PODS + settings("trafficPolicy: {outlierDetection: {}}")));
  }

  /** Two more pods than {@link Policies#CLUSTER} has. */
  private static final String FOUR_PODS =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: orders-3, namespace: production, labels: {app: orders}}
      status: {podIP: 10.0.0.3}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: orders-4, namespace: production, labels: {app: orders}}
      status: {podIP: 10.0.0.4}
      ---
      """;

  private static String older() {
    return rules("{route: [{destination: {host: orders}}]}")
        .replace("name: newer", "name: orders")
        .replace("2021", "2020");
  }

  private static String rules(String http) {
    return """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: newer, namespace: production, creationTimestamp: '2021-01-01T00:00:00Z'}
        spec:
          hosts: [orders]
          http: [%s]
        """
        .formatted(http);
  }

  private static String settings(String spec) {
    return """
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: {name: orders, namespace: production}
        spec:
          host: orders
          %s
        """
        .formatted(spec);
  }
}
