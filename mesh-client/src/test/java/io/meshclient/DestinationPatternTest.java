package io.meshclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DestinationPatternTest {
  private static final String FULL = "payment.production.svc.cluster.local";

  @ParameterizedTest(name = "{0}: {1} is {2}")
  @CsvSource({
    "payment.production.svc.cluster.local, payment.production.svc.cluster.local, true",
    "payment, payment.production.svc.cluster.local, true",
    "Payment, payment.production.svc.cluster.local, true",
    "Virtual*, VirtualService production/payment http[0], true",
    "payment.production, payment.production.svc.cluster.local/v2, true",
    "payment, payment.staging.svc.cluster.local, false",
    "payment.staging, payment.staging.svc.cluster.local, true",
    "pay*, payment.production.svc.cluster.local, true",
    "*, payment.production.svc.cluster.local/v2, true",
    "*, api.example.com:8443, true",
    "*.example.com*, api.example.com:8443, true",
    "*.example.com, example.com, false",
    "payment/v2, payment.production.svc.cluster.local/v2, true",
    "payment/v2, payment.production.svc.cluster.local/v1, false",
    "payment/v2, payment.production.svc.cluster.local, false",
    "*/v*, payment.production.svc.cluster.local/v2, true",
  })
  void pattern_matches(String pattern, String name, boolean matches) {
    assertThat(DestinationPattern.of(pattern).matches(name, "production", "cluster.local"))
        .isEqualTo(matches);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/v2", "payment/", "payment/v2/x"})
  void pattern_that_is_none_is_refused(String pattern) {
    assertThatThrownBy(() -> DestinationPattern.of(pattern))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("destination: \"" + pattern + "\" (expected: HOST or HOST/SUBSET");
  }

  @Test
  void most_telling_pattern_wins_and_of_equal_ones_the_later() {
    PerDestination<String> settings =
        new PerDestination<String>()
            .with("*", "all")
            .with("payment/v2", "subset")
            .with("pay*", "old")
            .with("pay*", "some")
            .with("payment", "service");

    assertThat(settings.of(FULL + "/v2", "production", "cluster.local")).isEqualTo("subset");
    assertThat(settings.of(FULL + "/v1", "production", "cluster.local")).isEqualTo("service");
    assertThat(settings.of("pays", "production", "cluster.local")).isEqualTo("some");
    assertThat(settings.of("order", "production", "cluster.local")).isEqualTo("all");
    assertThat(new PerDestination<String>().of(FULL, "production", "cluster.local")).isNull();
  }
}
