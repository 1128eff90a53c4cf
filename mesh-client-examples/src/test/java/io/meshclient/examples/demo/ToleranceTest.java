package io.meshclient.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ToleranceTest {

  @ParameterizedTest(name = "{0} trials of {1}")
  @CsvSource({"1000, 0.1", "2000, 0.1", "20000, 0.1", "20000, 0.9", "2000, 0.5"})
  void bounds_areFiveStandardDeviations(int trials, double probability) {
    Tolerance tolerance = Tolerance.of(trials, probability);
    double mean = trials * probability;
    double deviation = Math.sqrt(mean * (1 - probability));
    assertThat((mean - tolerance.low()) / deviation).isBetween(4.5, 5.5);
    assertThat((tolerance.high() - mean) / deviation).isBetween(4.5, 5.5);
  }

  @Test
  void rareThings_mayNotHappenAtAll() {
    assertThat(Tolerance.of(10, 0.01).low()).isZero();
    assertThat(Tolerance.of(10, 0.99).high()).isEqualTo(10);
  }

  @Test
  void bounds_areInclusive() {
    Tolerance tolerance = new Tolerance(3, 5);
    assertThat(tolerance.holds(2)).isFalse();
    assertThat(tolerance.holds(3)).isTrue();
    assertThat(tolerance.holds(5)).isTrue();
    assertThat(tolerance.holds(6)).isFalse();
  }

  @Test
  void symmetricProbability_givesSymmetricBounds() {
    Tolerance tolerance = Tolerance.of(100, 0.5);
    assertThat(tolerance.low() + tolerance.high()).isEqualTo(100);
  }

  @Test
  void certainty_isRefused() {
    assertThatThrownBy(() -> Tolerance.of(10, 1)).hasMessageContaining("1.0 (expected:");
    assertThatThrownBy(() -> Tolerance.of(0, 0.5)).hasMessageContaining("0 trials");
  }
}
