package io.meshclient.acceptance.pods;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.examples.pods.Jvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./demo} and {@code ./demo --istio} show the same rows, by the same jar. */
@Tag("envoy")
@Tag("netns")
@Timeout(value = 600, unit = TimeUnit.SECONDS)
class DemoWorldsTest {
  private static final int SECONDS = 280;

  /** How wide the columns are of what is sent and of what is expected. */
  private static final int COLUMNS = 78;

  @TempDir Path directory;

  @BeforeAll
  static void assumePods() {
    Machine.assumePods();
  }

  @Test
  void rowsAndJar_areTheSame() throws Exception {
    List<String> without = demo("without.txt");
    List<String> behind = demo("behind.txt", "--istio");

    assertThat(jar(behind)).contains(", sha256 ").isEqualTo(jar(without));
    assertThat(rows(behind)).hasSizeGreaterThan(10).isEqualTo(rows(without));
  }

  private List<String> demo(String output, String... options)
      throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of("demo", "--requests", "200", "--config"));
    arguments.add(Machine.GUIDE.toString());
    arguments.addAll(List.of(options));
    Path written = directory.resolve(output);
    Process demo =
        new ProcessBuilder(Jvm.command(Machine.JAR, arguments.toArray(String[]::new)))
            .redirectErrorStream(true)
            .redirectOutput(written.toFile())
            .start();
    try {
      assertThat(demo.waitFor(SECONDS, TimeUnit.SECONDS)).as("ends").isTrue();
      assertThat(demo.exitValue()).as(Files.readString(written)).isZero();
      return Files.readAllLines(written);
    } finally {
      demo.destroy();
    }
  }

  private static String jar(List<String> lines) {
    return lines.get(1);
  }

  /** What was sent and what was expected, row by row. */
  private static List<String> rows(List<String> lines) {
    List<String> rows = new ArrayList<>();
    for (String line : lines) {
      if (line.endsWith(" ok")) {
        rows.add(line.substring(0, COLUMNS));
      }
    }
    return rows;
  }
}
