package io.meshclient.cli.identity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The command as a process of its own, since it writes past the writers of a test. */
@Timeout(60)
final class CheckIdProcessTest {

  @Test
  void ids_go_through_as_they_came_whatever_the_locale() throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "io.meshclient.cli.Main",
                "identity",
                "check-id",
                "--escaped")
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("LC_ALL", "C");

    assertThat(run(builder.start(), "spiffe://td/a\nspiffe://\u212a/\\u0061\n"))
        .isEqualTo(
            "valid\tspiffe://td/a\n"
                + "invalid\tspiffe://\u212a/\\u0061\t"
                + "trust domain: U+212A at 9 (expected: a-z 0-9 . - _)\n");
  }

  private static String run(Process process, String input)
      throws IOException, InterruptedException {
    try (OutputStream in = process.getOutputStream()) {
      in.write(input.getBytes(UTF_8));
    }
    try {
      String output = new String(process.getInputStream().readAllBytes(), UTF_8);
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
      return output;
    } finally {
      process.destroyForcibly();
    }
  }
}
