package io.meshclient.cli.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshclient.resilience.BreakerSettings;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

final class BreakerConverterTest {
  private final BreakerConverter converter = new BreakerConverter();

  @Test
  void guide_is_the_guides() {
    assertThat(converter.convert("guide")).isEqualTo(BreakerSettings.GUIDE);
  }

  @Test
  void parts_change_what_they_name() {
    BreakerSettings settings = converter.convert("open=500ms,failures=5,probes=2");

    assertThat(settings.window()).isEqualTo(new BreakerSettings.Consecutive(5));
    assertThat(settings.openTime()).isEqualTo(Duration.ofMillis(500));
    assertThat(settings.probes()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5", "failures=x", "failures=0", "open=60", "open=s", "probe=1"})
  void anything_else_is_refused(String value) {
    assertThatThrownBy(() -> converter.convert(value))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageStartingWith(
            "\"" + value + "\" (expected: guide, or some of failures=N,open=60s,probes=N)");
  }
}
