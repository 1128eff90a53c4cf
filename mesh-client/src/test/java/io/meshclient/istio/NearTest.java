package io.meshclient.istio;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearTest {

  private static final List<String> WORDS =
      List.of("route", "redirect", "timeout", "perTryTimeout", "retryOn", "host", "name", "to");

  @ParameterizedTest
  @CsvSource({
    "rout, route",
    "rotue, route",
    "Timeout, timeout",
    "time-out, timeout",
    "pertrytimeout, perTryTimeout",
    "per_try_timeout, perTryTimeout",
    "retriesOn, retryOn",
    "hots, host"
  })
  void to_aWordThatIsNear(String word, String expected) {
    assertThat(Near.to(word, WORDS)).isEqualTo(expected);
  }

  @Test
  void to_nothing() {
    assertThat(Near.to("colour", WORDS)).isNull();
    assertThat(Near.to("x".repeat(100_000), WORDS)).isNull();
    assertThat(Near.to("x", List.of())).isNull();
  }
}
