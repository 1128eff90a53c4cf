package io.meshclient.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {

  @Test
  void all_areRead() {
    assertThat(
            Options.parse(
                "--config", "istio", "--keep", "--requests", "500", "--terminal", "--istio"))
        .isEqualTo(new Options(Path.of("istio"), 500, true, true, true, null));
    assertThat(Options.parse("--config", "istio"))
        .isEqualTo(new Options(Path.of("istio"), 2000, false, false, false, null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"--istoi", "--requests", "--requests 99", "--requests many", "--config /nowhere"})
  void wrongOne_isNamed(String arguments) {
    String[] parts = arguments.split(" ");
    assertThatThrownBy(() -> Options.parse(parts))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(parts[parts.length - 1])
        .hasMessageContaining("expected:");
  }
}
