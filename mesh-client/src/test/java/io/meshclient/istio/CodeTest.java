package io.meshclient.istio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class CodeTest {

  @Test
  void codes_areUniqueAndDocumented() throws IOException {
    String page = Files.readString(Path.of("..", "docs", "problems.md"));

    assertThat(Arrays.stream(Code.values()).map(Code::id)).doesNotHaveDuplicates();
    for (Code code : Code.values()) {
      assertThat(page).contains("| " + code.id() + " | " + code.title() + " |");
    }
  }
}
