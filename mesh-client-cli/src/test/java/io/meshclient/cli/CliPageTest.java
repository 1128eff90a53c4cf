package io.meshclient.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** docs/cli.md shows what the command prints. */
final class CliPageTest {
  private static final String PROMPT = "$ ./mesh ";

  @Test
  void sampleOfExplain_isWhatItPrints() throws IOException {
    String page = Files.readString(Path.of("..", "docs", "cli.md"));
    String sample = page.substring(page.indexOf(PROMPT + "explain"));
    sample = sample.substring(0, sample.indexOf("```"));
    int end = sample.indexOf('\n');
    String command = sample.substring(PROMPT.length(), end);

    Cli ran = Cli.run(command.replace(" mesh-client-", " ../mesh-client-").split(" "));

    assertThat(ran.out().strip()).isEqualToNormalizingNewlines(sample.substring(end).strip());
  }
}
