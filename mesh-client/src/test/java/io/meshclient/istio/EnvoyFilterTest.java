package io.meshclient.istio;

import static io.meshclient.istio.ProblemRow.row;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class EnvoyFilterTest {
  private static final String HEAD =
      """
      apiVersion: networking.istio.io/v1alpha3
      kind: EnvoyFilter
      metadata: {name: limit}
      spec:
        configPatches:
      """;
  private static final String FILTER =
      """
        - applyTo: HTTP_FILTER
          match: {context: SIDECAR_INBOUND}
          patch:
            operation: INSERT_BEFORE
            value:
              name: envoy.filters.http.local_ratelimit
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit
      """;
  private static final String LIMIT = "x.yaml:13 configPatches[0].patch.value.typed_config";

  @ParameterizedTest(name = "{0}")
  @MethodSource("documents")
  void problems_ofEnvoyFilters(String yaml, List<String> expected) {
    ProblemRow.check(yaml, expected);
  }

  static Stream<Arguments> documents() {
    return Stream.of(
        row(
            "nothing about rate limits",
            HEAD + "  - {applyTo: CLUSTER, patch: {operation: MERGE, value: {}}}\n",
            "MESH0126 x.yaml:1 no local rate limit of inbound requests in it: passed over"),
        row(
            "another filter",
            HEAD + FILTER.replace("local_ratelimit", "lua").replace("LocalRateLimit", "Lua"),
            "MESH0126 x.yaml:1 no local rate limit of inbound requests in it: passed over"),
        row(
            "a limit of outbound requests",
            HEAD + FILTER.replace("SIDECAR_INBOUND", "SIDECAR_OUTBOUND"),
            "MESH0126 x.yaml:1 no local rate limit of inbound requests in it: passed over"),
        row(
            "another version",
            HEAD.replace("v1alpha3", "v1") + FILTER,
            "MESH0123 x.yaml:1 apiVersion: networking.istio.io/v1 (expected:"
                + " networking.istio.io/v1alpha3)"),
        row(
            "a misspelt field of the limit",
            HEAD + FILTER + limit("stat_prefix: x", "token_buckets: {}"),
            "MESH0101 x.yaml:15 configPatches[0].patch.value.typed_config.token_buckets: unknown"
                + " field; did you mean \"tokenBucket\"?"),
        row(
            "a bucket that refills too fast",
            HEAD
                + FILTER
                + limit("stat_prefix: x", "token_bucket: {max_tokens: 1, fill_interval: 10ms}"),
            "MESH0103 x.yaml:15 configPatches[0].patch.value.typed_config.token_bucket"
                + ".fill_interval: 10ms (expected: 50..31536000000ms)"),
        row(
            "descriptors without a bucket for the rest",
            HEAD
                + FILTER
                + limit(
                    "stat_prefix: x",
                    "descriptors: [{entries: [{key: a, value: b}],"
                        + " token_bucket: {max_tokens: 1, fill_interval: 1s}}]"),
            "MESH0105 "
                + LIMIT
                + ".token_bucket: missing (expected: the bucket of requests that no descriptor"
                + " takes)"));
  }

  private static String limit(String... lines) {
    return String.join("\n", lines).indent(10);
  }

  @Test
  void limitAmongOtherPatches_isReadAndTheOthersAreToldOf() {
    Configuration read =
        Configuration.read(
            ConfigSource.yaml(
                "x.yaml",
                HEAD
                    + "  - {applyTo: CLUSTER, patch: {operation: MERGE, value: {}}}\n"
                    + FILTER
                    + limit(
                        "stat_prefix: x",
                        "localRateLimitPerDownstreamConnection: false",
                        "token_bucket: {max_tokens: 10, tokens_per_fill: 5, fill_interval: 60s}")));

    assertThat(read.problems())
        .map(Problem::toString)
        .containsExactly(
            "MESH0126 x.yaml:6 configPatches[0]: not a patch of HTTP filters, virtual hosts or"
                + " routes: passed over");
    EnvoyFilter.LocalRateLimit limit = read.all(EnvoyFilter.class).get(0).patches().get(0).limit();
    assertThat(limit).isNotNull();
    assertThat(limit.tokenBucket())
        .isEqualTo(new EnvoyFilter.TokenBucket(10, 5L, Duration.ofMinutes(1)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("notCarriedOut")
  void limitThatAsksForMore_isReadWithAWarning(String line, List<String> expected) {
    Configuration read =
        Configuration.read(
            ConfigSource.yaml("x.yaml", HEAD + FILTER + limit("stat_prefix: x", line)));

    assertThat(read.problems()).map(Problem::toString).containsExactlyElementsOf(expected);
    assertThat(read.resources()).hasSize(1);
  }

  static Stream<Arguments> notCarriedOut() {
    String at = "MESH0126 x.yaml:15 configPatches[0].patch.value.typed_config.";
    return Stream.of(
        row(
            "a bucket for each connection",
            "local_rate_limit_per_downstream_connection: true",
            at
                + "local_rate_limit_per_downstream_connection: connections are not told apart here,"
                + " nothing is limited by it: passed over"),
        row(
            "a command operator",
            "response_headers_to_add: [{header: {key: x-a, value: '%REQ(x)%'}}]",
            at
                + "response_headers_to_add[0].header.value: command operators are not carried out"
                + " here: the value goes out as it is"));
  }
}
