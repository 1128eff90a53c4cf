package io.meshclient.istio;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

  @ParameterizedTest
  @CsvSource({
    "10s, PT10S",
    "0.3s, PT0.3S",
    ".5s, PT0.5S",
    "1.s, PT1S",
    "400ms, PT0.4S",
    "1h2m3s, PT1H2M3S",
    "1m30s, PT1M30S",
    "5us, PT0.000005S",
    "7ns, PT0.000000007S",
    "+2s, PT2S",
    "0s, PT0S",
    "0, PT0S",
    "0.0000000001s, PT0S",
    "87600h, PT87600H"
  })
  void parse_asGo(String text, Duration expected) {
    assertThat(Durations.parse(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "10",
        "-1s",
        "s",
        "1d",
        "1s ",
        " 1s",
        "1 s",
        "1.2.3s",
        "1e3s",
        "1s2",
        "--1s",
        "1S",
        "99999999999h",
        "\u0661s"
      })
  void parse_ofWhatIsNone(String text) {
    assertThat(Durations.parse(text)).isNull();
  }
}
