package io.meshclient.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpiffeIdPatternTest {

  @ParameterizedTest(name = "{0} and {1}: {2}")
  @CsvSource({
    "*,                  spiffe://td/a,       true",
    "*,                  spiffe://td,         true",
    "spiffe://td/a,      spiffe://td/a,       true",
    "spiffe://td/a,      spiffe://td/A,       false",
    "spiffe://td/a,      spiffe://td/a/b,     false",
    "spiffe://td,        spiffe://td,         true",
    "spiffe://td,        spiffe://td/a,       false",
    "spiffe://td/*,      spiffe://td/a,       true",
    "spiffe://td/*,      spiffe://td/a/b,     true",
    "spiffe://td/*,      spiffe://td,         false",
    "spiffe://td/*,      spiffe://td.evil/a,  false",
    "spiffe://td/web/*,  spiffe://td/web/a,   true",
    "spiffe://td/web/*,  spiffe://td/web,     false",
    "spiffe://td/web/*,  spiffe://td/web-2/a, false"
  })
  void pattern_matches_whole_segments(String pattern, String id, boolean matches) {
    SpiffeIdPattern read = SpiffeIdPattern.parse(pattern);

    assertThat(read.matches(SpiffeId.parse(id))).isEqualTo(matches);
    assertThat(read).hasToString(pattern).isEqualTo(SpiffeIdPattern.parse(pattern));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "td/a", "/*", "spiffe://*", "spiffe:///*", "spiffe://td/a*", "spiffe://td//*"})
  void pattern_that_is_none_is_refused(String pattern) {
    assertThatThrownBy(() -> SpiffeIdPattern.parse(pattern))
        .isInstanceOf(InvalidSpiffeIdException.class);
  }

  @ParameterizedTest(name = "{0} and {1}: {2}")
  @CsvSource({
    "*,               spiffe://td/ns/a/sa/b,   true",
    "td/ns/a/sa/b,    spiffe://td/ns/a/sa/b,   true",
    "td/ns/a/sa/b,    spiffe://td/ns/a/sa/bc,  false",
    "td/ns/a/*,       spiffe://td/ns/a/sa/b,   true",
    "td/ns/a*,        spiffe://td/ns/ab/sa/b,  true",
    "d/ns/a/*,        spiffe://td/ns/a/sa/b,   false",
    "*/sa/b,          spiffe://td/ns/a/sa/b,   true",
    "*/sa/b,          spiffe://td/ns/a/sa/bc,  false",
    "td/*/sa/b,       spiffe://td/ns/a/sa/b,   false",
    "spiffe://td/a,   spiffe://td/a,           false"
  })
  void principal_matches_as_in_istio(String principal, String id, boolean matches) {
    assertThat(SpiffeIdPattern.principal(principal).matches(SpiffeId.parse(id))).isEqualTo(matches);
  }

  @Test
  void empty_principal_is_refused() {
    assertThatThrownBy(() -> SpiffeIdPattern.principal(""))
        .hasMessage("principal: \"\" (expected: trust-domain/path)");
  }

  @Test
  void patterns_of_ids_and_trust_domains_are_those_of_text() {
    TrustDomain td = TrustDomain.parse("td");

    assertThat(SpiffeIdPattern.memberOf(td)).isEqualTo(SpiffeIdPattern.parse("spiffe://td/*"));
    assertThat(SpiffeIdPattern.exact(SpiffeId.of(td, "a")))
        .isEqualTo(SpiffeIdPattern.parse("spiffe://td/a"));
  }
}
