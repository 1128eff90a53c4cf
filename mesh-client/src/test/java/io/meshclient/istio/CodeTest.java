package io.meshclient.istio;

import static io.meshclient.istio.ProblemRow.REVIEWS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each code of reading is on docs/problems.md, with an example that can be had. */
class CodeTest {
  private static final String RULE =
      """
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata: {name: reviews}
      spec:
        host: reviews
      """;
  private static final String ROUTE = "    route: [{destination: {host: a}}]\n";

  @Test
  void codes_areThoseOfThePage() {
    Map<String, String> titles = new java.util.LinkedHashMap<>();
    ProblemsPage.rows().values().stream()
        .filter(row -> row.code().startsWith("MESH01"))
        .forEach(row -> titles.put(row.code(), row.title()));

    assertThat(Arrays.stream(Code.values()).map(Code::id)).doesNotHaveDuplicates();
    assertThat(titles).hasSameSizeAs(Code.values());
    for (Code code : Code.values()) {
      assertThat(titles).containsEntry(code.id(), code.title());
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("causes")
  void example_ofThePage_isWhatIsTold(String code, Configuration read) {
    ProblemsPage.Row row = ProblemsPage.rows().get(code);

    assertThat(read.problems())
        .as(row.example())
        .anyMatch(
            p ->
                p.code().equals(code)
                    && row.isExampledBy(p.message())
                    && row.warning() == (p.severity() == Problem.Severity.WARNING));
  }

  @Test
  void causes_areThoseOfAllCodes() {
    assertThat(causes().map(cause -> cause.get()[0]))
        .containsExactlyElementsOf(Arrays.stream(Code.values()).map(Code::id).toList());
  }

  static Stream<Arguments> causes() {
    return Stream.of(
        cause("MESH0101", REVIEWS + "  - rout: []\n"),
        cause("MESH0102", REVIEWS + "  - match: [{headers: {x-canary: {exact: true}}}]\n" + ROUTE),
        cause(
            "MESH0103", RULE + "  trafficPolicy: {outlierDetection: {maxEjectionPercent: 101}}\n"),
        cause("MESH0104", RULE.replace("host: reviews", "hosts: a\n  hosts: b")),
        cause("MESH0105", REVIEWS + "  - route: [{destination: {subset: v1}}]\n"),
        cause("MESH0106", REVIEWS + "  - match: [{uri: {exact: /a, prefix: /b}}]\n" + ROUTE),
        cause("MESH0107", RULE + "  trafficPolicy: {loadBalancer: {simple: ROUND_ROBBIN}}\n"),
        cause("MESH0108", REVIEWS + "  - timeout: \"10\"\n" + ROUTE),
        cause("MESH0110", REVIEWS + "\t- route: []\n"),
        cause("MESH0111", "a: " + "[".repeat(60) + "]".repeat(60)),
        cause("MESH0112", "metadata: !foo {}\n"),
        arguments("MESH0120", Configuration.read(ConfigSource.path(Path.of("no", "such", "dir")))),
        cause("MESH0121", "apiVersion: v1\nmetadata: {name: a}\n"),
        cause("MESH0122", REVIEWS.replace("VirtualService", "VirtualServce")),
        cause("MESH0123", REVIEWS.replace("/v1", "/v2")),
        arguments(
            "MESH0124",
            Configuration.read(
                ConfigSource.yaml("a.yaml", REVIEWS + "  -" + ROUTE.substring(3)),
                ConfigSource.yaml("b.yaml", REVIEWS + "  -" + ROUTE.substring(3)))),
        arguments("MESH0125", edited(REVIEWS + "  -" + ROUTE.substring(3), "kind: [")),
        cause(
            "MESH0126",
            """
            apiVersion: networking.istio.io/v1alpha3
            kind: EnvoyFilter
            metadata: {name: a}
            """),
        cause("MESH0130", REVIEWS + "  - redirect: {uri: /a}\n" + ROUTE),
        cause("MESH0131", REVIEWS.replace("[reviews]", "[]")),
        cause("MESH0132", RULE + "  subsets: [{name: v1}, {name: v1}]\n"),
        cause("MESH0133", REVIEWS + "  - match: [{uri: {prefix: \"\"}}]\n" + ROUTE),
        cause(
            "MESH0134",
            REVIEWS
                + "  - route: [{destination: {host: a}, weight: 0},"
                + " {destination: {host: b}, weight: 0}]\n"),
        cause("MESH0135", REVIEWS.replace("[reviews]", "[reviews, a_b]")),
        cause("MESH0136", REVIEWS + "  - headers: {request: {set: {\"a b\": c}}}\n" + ROUTE),
        cause(
            "MESH0137",
            REVIEWS + "  - rewrite: {uri: /a, uriRegexRewrite: {match: a, rewrite: b}}\n" + ROUTE));
  }

  private static Arguments cause(String code, String yaml) {
    return arguments(code, Configuration.read(ConfigSource.yaml("x.yaml", yaml)));
  }

  /** What a watched file amounts to after an edit. */
  private static Configuration edited(String before, String after) {
    FileReading joined =
        LastGood.join(
            FileReading.of("x.yaml", after, false), FileReading.of("x.yaml", before, false));
    return Configuration.of(List.of(joined));
  }
}
