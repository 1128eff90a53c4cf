package io.meshclient.istio;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** What is meant to exhaust a reader. */
class LimitsTest {

  private static final String GOOD =
      "\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: good}\n";

  @Test
  void aliases_ofAliases() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x]\n");
    for (int i = 1; i < 30; i++) {
      bomb.append("a").append(i).append(": &a").append(i).append(" [");
      bomb.append(("*a" + (i - 1) + ",").repeat(3)).append("x]\n");
    }
    assertThat(codes(config("defaultConfig: {x: *a29}", bomb.toString())))
        .containsExactly("MESH0111");
  }

  @Test
  void aliases_tooMany() {
    String many = "a: &a {}\nb: [" + "*a,".repeat(YamlText.MAX_ALIASES + 1) + "]\n";

    assertThat(problems(many + GOOD))
        .containsExactly(
            "MESH0111 x.yaml:1 more than 100 aliases of lists and objects (expected: fewer)");
  }

  @Test
  void depth_inBracketsAndInLines() {
    String expected = "MESH0111 x.yaml:1 nested deeper than 50 levels (expected: fewer)";

    assertThat(problems("a: " + "[".repeat(100_000) + GOOD)).containsExactly(expected);
    assertThat(problems("- ".repeat(10_000) + GOOD)).containsExactly(expected);
    assertThat(problems("{a: ".repeat(10_000) + GOOD)).containsExactly(expected);
  }

  @Test
  void size_ofAFile() {
    String large = "#" + "x".repeat(YamlText.MAX_BYTES);

    assertThat(problems(large))
        .containsExactly("MESH0111 x.yaml 10485761 bytes (expected: at most 10485760)");
  }

  @Test
  void largeFile_isReadInTime() {
    String pod =
        """
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: pod-%d, labels: {app: a}}
        spec: {nodeName: n, containers: [{name: c, ports: [{containerPort: 80}]}]}
        status: {podIP: 10.0.0.1, conditions: [{type: Ready, status: 'True'}]}
        """;
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < 5_000; i++) {
      all.append(String.format(pod, i));
    }
    Configuration read = inTime(() -> read(all.toString()));

    assertThat(read.problems()).isEmpty();
    assertThat(read.all(Pod.class)).hasSize(5_000);
  }

  @Test
  void longLinesAndManyMarks_areReadInTime() {
    for (String text :
        List.of(
            "a: " + "x ".repeat(1_000_000),
            "\"" + "\\".repeat(1_000_000),
            "? ".repeat(100_000),
            "&a ".repeat(100_000),
            "---\n".repeat(50_000),
            "a: |\n" + " x\n".repeat(500_000),
            "[" + "a, ".repeat(100_000) + "]",
            "!".repeat(100_000),
            "%".repeat(1_000_000),
            "{" + "a: b, ".repeat(50_000) + "}")) {
      inTime(() -> read(text + GOOD));
    }
  }

  @Test
  void problems_ofADocument() {
    Configuration read = read("x: [\n] " + GOOD + "---\n" + "x: y\n".repeat(1_000));

    assertThat(read.problems()).hasSize(1 + 100 + 1);
    assertThat(read.problems().get(101).message())
        .isEqualTo("999 problems in this document; here are 100");
  }

  private static String config(String mesh, String anchors) {
    String lines = (anchors + mesh).replace("\n", "\n    ");
    return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio}\ndata:\n  mesh: |\n    "
        + lines;
  }

  private static List<String> codes(String yaml) {
    return inTime(() -> read(yaml)).problems().stream()
        .filter(problem -> problem.severity() == Problem.Severity.ERROR)
        .map(Problem::code)
        .toList();
  }

  private static List<String> problems(String yaml) {
    Configuration read = inTime(() -> read(yaml));
    if (yaml.endsWith(GOOD)) {
      assertThat(read.all(Namespace.class)).hasSize(1);
    }
    return read.problems().stream().map(Problem::toString).toList();
  }

  private static Configuration read(String yaml) {
    return Configuration.read(ConfigSource.yaml("x.yaml", yaml));
  }

  private static <T> T inTime(Callable<T> reading) {
    return Assertions.assertTimeoutPreemptively(Duration.ofSeconds(20), reading::call);
  }
}
