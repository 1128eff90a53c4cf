package io.meshclient.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalityTest {

  @ParameterizedTest
  @ValueSource(strings = {"r1", "r1/z1", "r1/z1/s1"})
  void place_isRegionZoneAndSubzone(String text) {
    assertThat(Locality.of(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "/", "r1/", "/z1", "r1//s1", "r1/z1/s1/", "r1/z1/s1/x", "r1/*", "r 1"})
  void whatIsNoPlace_isRefused(String text) {
    assertThatThrownBy(() -> Locality.of(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "locality: \"" + text + "\" (expected: region, region/zone or region/zone/subzone)");
  }
}
