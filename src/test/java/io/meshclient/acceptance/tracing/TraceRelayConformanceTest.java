package io.meshclient.acceptance.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.meshclient.acceptance.replay.MeshProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * {@code examples.jar trace-relay} passes what the W3C's harness tests at level 2: with spans that
 * go nowhere, with spans that are not to go anywhere, and as far as forwarding does without any.
 */
@Timeout(120)
class TraceRelayConformanceTest {
  private static final Path JAR =
      Path.of("..", "..", "mesh-client-examples", "target", "examples.jar");
  private static final String USUAL = "usual";
  private static final String NO_EXPORTER = "OTEL_TRACES_EXPORTER=none";
  private static final String DISABLED = "OTEL_SDK_DISABLED=true";

  private static final Map<String, MeshProcess> relays = new LinkedHashMap<>();
  private static Harness harness;

  @BeforeAll
  static void start(@TempDir Path files) throws IOException {
    if (!"true".equals(System.getenv("CI"))) {
      assumeTrue(Files.exists(JAR), JAR + ": mvn package makes it");
    }
    harness = new Harness();
    for (String setUp : List.of(USUAL, NO_EXPORTER, DISABLED)) {
      Map<String, String> variables = new LinkedHashMap<>();
      variables.put("SERVICE_PORT", "0");
      variables.put("SERVICE_ADDRESS", "127.0.0.1");
      if (!setUp.equals(USUAL)) {
        variables.put(setUp.split("=")[0], setUp.split("=")[1]);
      }
      relays.put(
          setUp,
          MeshProcess.start(JAR, List.of("trace-relay"), variables, files.resolve("stderr.txt")));
    }
  }

  @AfterAll
  static void stop() {
    relays.values().forEach(MeshProcess::close);
    if (harness != null) {
      harness.close();
    }
  }

  static Stream<Arguments> withSpans() {
    return Stream.of(USUAL, NO_EXPORTER)
        .flatMap(
            setUp ->
                Stream.of(TraceCases.all(), TraceCases.more())
                    .flatMap(List::stream)
                    .map(row -> arguments(setUp, row)));
  }

  /** Beyond what the harness looks at: each call has a parent id of its own, and no white space. */
  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("withSpans")
  void service_withSpans_passes(String setUp, TraceCase row) throws IOException {
    for (Wanted wanted : row.requests()) {
      var calls = harness.ask(relays.get(setUp).address(), wanted);
      assertThat(wanted.problem(calls)).as(wanted.toString()).isNull();
      assertThat(Wanted.newParents(calls)).isEqualTo(wanted.calls());
      assertThat(calls).extracting(Wanted::state).containsOnly(wanted.state());
    }
  }

  /** Those of the harness that are of valid headers, and do not ask for a new parent id. */
  @Test
  void service_withoutSpans_passesWhatForwardingDoes() throws IOException {
    assertThat(TraceCases.all()).hasSize(41);
    assertThat(
            TraceCases.all().stream()
                .filter(TraceRelayConformanceTest::passesWithoutSpans)
                .map(TraceCase::name))
        .containsExactly(
            "traceparent_header_name_valid_casing",
            "traceparent_ows_handling",
            "tracestate_included_traceparent_included",
            "tracestate_header_name",
            "tracestate_header_name_valid_casing",
            "tracestate_empty_header",
            "tracestate_multiple_headers_different_keys",
            "tracestate_duplicated_keys",
            "tracestate_all_allowed_characters",
            "tracestate_ows_handling");
  }

  private static boolean passesWithoutSpans(TraceCase row) {
    return row.requests().stream().allMatch(wanted -> wanted.problem(forwarded(wanted)) == null);
  }

  @Test
  void service_withoutSpans_forwardsValidHeadersAsTheyAre_andNoOthers() {
    for (TraceCase row : TraceCases.all()) {
      for (Wanted wanted : row.requests()) {
        boolean isLater = wanted.headers().toString().contains("cc-");
        var expected =
            wanted.isContinued() || isLater ? sent(wanted, "traceparent") : List.<String>of();
        for (var call : forwarded(wanted)) {
          assertThat(call.getOrDefault("Traceparent", List.of())).isEqualTo(expected);
          assertThat(Wanted.state(call))
              .isEqualTo(expected.isEmpty() ? "" : String.join(",", sent(wanted, "tracestate")));
        }
      }
    }
  }

  private static List<Map<String, List<String>>> forwarded(Wanted wanted) {
    try {
      return harness.ask(relays.get(DISABLED).address(), wanted);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What came in, without white space around it; the JDK's server reads tabs as spaces. */
  private static List<String> sent(Wanted wanted, String name) {
    List<String> headers = wanted.headers();
    return Stream.iterate(0, i -> i < headers.size(), i -> i + 2)
        .filter(i -> headers.get(i).equalsIgnoreCase(name))
        .map(i -> headers.get(i + 1).strip().replace('\t', ' '))
        .toList();
  }
}
