package io.meshclient.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Rules with every feature; what is told of them stands beside them, to be read as a whole. */
final class ExplainEverythingTest {
  private static final Path RESOURCES = Path.of("src/test/resources");

  @Test
  void text_tellsWhatEachFieldOfTheRulesDoes() throws IOException {
    assertThat(explain("-o", "text"))
        .isEqualToNormalizingNewlines(Files.readString(RESOURCES.resolve("everything.txt")));
  }

  @Test
  void json_tellsWhatEachFieldOfTheRulesDoes() throws IOException {
    assertThat(JsonParser.parseString(explain("-o", "json")))
        .isEqualTo(JsonParser.parseString(Files.readString(RESOURCES.resolve("everything.json"))));
  }

  @Test
  void otherSubset_hasSettingsOfItsOwn() {
    assertThat(explain("--random", "95").lines())
        .contains(
            "balancing      ROUND_ROBIN, new endpoints warm up in 30 s from 20 %, among ejected"
                + " ones too where fewer than 30 % are healthy",
            "               retries at once up to 25 % of the requests under way, or 2")
        .doesNotContain("               at most 4 retries at once");
  }

  private static String explain(String first, String second) {
    Cli ran =
        Cli.run(
            "explain",
            "--config",
            RESOURCES.resolve("everything").toString(),
            "--namespace",
            "production",
            "--labels",
            "app=web",
            first,
            second,
            "http://ratings:8080/api/x?page=1",
            "-H",
            "x-user: bob");
    assertThat(ran.status()).isZero();
    return ran.out();
  }
}
