package io.meshclient.istio;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "reviews", "reviews.prod", "reviews.prod.svc.cluster.local", "*", "*.example.com", "*-a.b",
        "*a.b", "10.0.0.1", "2001:db8::1", "::1", "a.b.", "1a"
      })
  void host_isOne(String host) {
    assertThat(Names.isHost(host)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "a..b",
        "-a",
        "a-",
        "a_b",
        "a.*.b",
        "a*",
        "a b",
        "http://a",
        "a/b",
        "a:80",
        "**"
      })
  void host_isNone(String host) {
    assertThat(Names.isHost(host)).isFalse();
  }
}
