package io.meshclient.istio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever becomes of a file, reading it ends, throws nothing, and tells where the faults are. */
class MutationTest {

  private static final String MARKS =
      "\t\n\r -:?,[]{}#&*!|>'\"%@`~<=\\0aZ\u0000\u0085\u2028\uFEFF\uD800";

  private static final String[] PIECES = {
    "---\n",
    "...\n",
    "&a ",
    "*a",
    "<<: *a\n",
    "? ",
    "- ",
    ": ",
    "|\n",
    ">-\n",
    "!!str ",
    "!x ",
    "null",
    "~",
    "true",
    "1e999",
    "0x",
    "-0",
    ".inf",
    "2026-01-31",
    "\"",
    "'",
    "{",
    "[",
    "]",
    "}",
    "metadata: ",
    "spec: ",
    "kind: List\nitems: ",
    "  ",
    "\t",
    "99999999999999999999",
    "1:30"
  };

  @ParameterizedTest
  @ValueSource(strings = {"02-order-traffic", "04-telemetry", "05-security", "cluster-dump"})
  void mutations_areRead(String file) throws IOException {
    String text = text("/istio/" + file + ".yaml");
    Random random = new Random(file.hashCode());
    int rounds = Math.min(400, 4_000_000 / text.length());
    for (int i = 0; i < rounds; i++) {
      String mutated = mutate(text, random);
      Configuration read =
          Assertions.assertTimeoutPreemptively(
              Duration.ofSeconds(20),
              () -> Configuration.read(ConfigSource.yaml("x.yaml", mutated)),
              () -> "round");
      long lines = mutated.chars().filter(c -> c == '\n').count() + 1;
      for (Problem problem : read.problems()) {
        assertThat(problem.message()).isNotBlank().doesNotContain("Exception");
        assertThat(problem.location().line()).isPositive();
        assertThat(problem.location().line())
            .isLessThanOrEqualTo((int) lines + extraLines(mutated));
      }
    }
  }

  /** What YAML counts as the end of a line, and an editor does not. */
  private static int extraLines(String text) {
    return (int) text.chars().filter(c -> c == '\r' || c == 0x85 || c == 0x2028).count();
  }

  private static String mutate(String text, Random random) {
    StringBuilder mutated = new StringBuilder(text);
    int changes = 1 + random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(mutated.length());
      switch (random.nextInt(6)) {
        case 0 -> mutated.deleteCharAt(at);
        case 1 -> mutated.setCharAt(at, MARKS.charAt(random.nextInt(MARKS.length())));
        case 2 -> mutated.insert(at, MARKS.charAt(random.nextInt(MARKS.length())));
        case 3 -> mutated.insert(at, PIECES[random.nextInt(PIECES.length)]);
        case 4 -> mutated.delete(at, Math.min(mutated.length(), at + random.nextInt(40)));
        default -> {
          int end = Math.min(mutated.length(), at + random.nextInt(80));
          mutated.insert(random.nextInt(mutated.length()), mutated.substring(at, end));
        }
      }
    }
    return mutated.toString();
  }

  private static String text(String resource) throws IOException {
    try (InputStream stream = MutationTest.class.getResourceAsStream(resource)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
