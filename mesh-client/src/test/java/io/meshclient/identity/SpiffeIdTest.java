package io.meshclient.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpiffeIdTest {

  private static final String TD_OF_255 = "a".repeat(255);

  /** The longest path that the trust domain "td" leaves room for. */
  private static final String PATH_TO_2048 = "/" + "a".repeat(2048 - "spiffe://td/".length());

  static Stream<Arguments> valid() {
    return Stream.of(
        arguments("spiffe://td", "td", ""),
        arguments("spiffe://cluster.local/ns/a/sa/b", "cluster.local", "/ns/a/sa/b"),
        arguments("spiffe://td/A/z/0/9/a-b/a.b/a_b", "td", "/A/z/0/9/a-b/a.b/a_b"),
        arguments("spiffe://my_td-1.example/x", "my_td-1.example", "/x"),
        arguments("spiffe://10.0.0.1/x", "10.0.0.1", "/x"),
        arguments("spiffe://./x", ".", "/x"),
        arguments("spiffe://../x", "..", "/x"),
        arguments("spiffe://-/x", "-", "/x"),
        arguments("spiffe://_/x", "_", "/x"),
        arguments("spiffe://td./x", "td.", "/x"),
        arguments("spiffe://td/...", "td", "/..."),
        arguments("spiffe://td/.a/a./..a/a..", "td", "/.a/a./..a/a.."),
        arguments("spiffe://td/spiffe", "td", "/spiffe"),
        arguments("spiffe://spiffe/x", "spiffe", "/x"),
        arguments(named("td of 255", "spiffe://" + TD_OF_255 + "/x"), TD_OF_255, "/x"),
        arguments(named("2048 bytes", "spiffe://td" + PATH_TO_2048), "td", PATH_TO_2048));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("valid")
  void valid_id_is_read(String text, String trustDomain, String path) {
    SpiffeId id = SpiffeId.parse(text);

    assertThat(id).hasToString(text).isEqualTo(SpiffeId.tryParse(text));
    assertThat(id.trustDomain()).hasToString(trustDomain);
    assertThat(id.path()).isEqualTo(path);
    assertThat(id.namesWorkload()).isEqualTo(!path.isEmpty());
    assertThat(SpiffeId.problem(text)).isNull();
  }

  static Stream<Arguments> invalid() {
    return Stream.of(
        arguments("", "empty"),
        arguments(" ", "scheme: U+0020 at 0"),
        arguments("td/path", "scheme: 't' at 0"),
        arguments("//td/path", "scheme: '/' at 0"),
        arguments("http://td/path", "scheme: 'h' at 0"),
        arguments("spif", "scheme: ends at 4"),
        arguments("spiffe", "scheme: ends at 6"),
        arguments("spiffe:", "scheme: ends at 7"),
        arguments("spiffe:/", "scheme: ends at 8"),
        arguments("spiffe:/x", "scheme: 'x' at 8"),
        arguments("spiffe:td/x", "scheme: 't' at 7"),
        arguments("spiffe//td/x", "scheme: '/' at 6"),
        arguments("spiffe:\\\\td\\x", "scheme: '\\' at 7"),
        arguments("spiffe ://td/x", "scheme: U+0020 at 6"),
        arguments("SPIFFE://td/x", "scheme: 'S' at 0, upper case"),
        arguments("spiffE://td/x", "scheme: 'E' at 5, upper case"),
        arguments("sp\u0131ffe://td/x", "scheme: U+0131 at 2"),
        arguments("sp\u0130ffe://td/x", "scheme: U+0130 at 2"),
        arguments("\u017fpiffe://td/x", "scheme: U+017F at 0"),
        arguments("spi\ufb00e://td/x", "scheme: U+FB00 at 3"),
        arguments("spiffe\uff1a//td/x", "scheme: U+FF1A at 6"),
        arguments("spiffe:\uff0f\uff0ftd/x", "scheme: U+FF0F at 7"),
        arguments("\ufeffspiffe://td/x", "scheme: U+FEFF at 0"),
        arguments(" spiffe://td/x", "scheme: U+0020 at 0"),
        arguments("\tspiffe://td/x", "scheme: U+0009 at 0"),
        arguments("spiffe%3A//td/x", "scheme: '%' at 6, percent-encoding"),
        arguments("spiffe://", "trust domain: empty"),
        arguments("spiffe:///", "trust domain: empty"),
        arguments("spiffe:///path", "trust domain: empty"),
        arguments("spiffe:////td/x", "trust domain: empty"),
        arguments("spiffe://TD/x", "trust domain: 'T' at 9, upper case"),
        arguments("spiffe://td.Example/x", "trust domain: 'E' at 12, upper case"),
        arguments("spiffe://\u212aube/x", "trust domain: U+212A at 9"),
        arguments("spiffe://\u0131d/x", "trust domain: U+0131 at 9"),
        arguments("spiffe://\uff54\uff44/x", "trust domain: U+FF54 at 9"),
        arguments("spiffe://t\u0501/x", "trust domain: U+0501 at 10"),
        arguments("spiffe://\u0661/x", "trust domain: U+0661 at 9"),
        arguments("spiffe://td\u3002local/x", "trust domain: U+3002 at 11"),
        arguments("spiffe://t\u00e4/x", "trust domain: U+00E4 at 10"),
        arguments("spiffe://ta\u0308/x", "trust domain: U+0308 at 11"),
        arguments("spiffe://\ud83d\ude00/x", "trust domain: U+1F600 at 9"),
        arguments(named("lone high surrogate", "spiffe://td\ud83d/x"), "trust domain: U+D83D"),
        arguments(named("lone low surrogate", "spiffe://td\ude00/x"), "trust domain: U+DE00"),
        arguments("spiffe://td:443/x", "trust domain: ':' at 11, a port"),
        arguments("spiffe://td:/x", "trust domain: ':' at 11"),
        arguments("spiffe://:443/x", "trust domain: ':' at 9"),
        arguments("spiffe://user@td/x", "trust domain: '@' at 13, user information"),
        arguments("spiffe://user:secret@td/x", "trust domain: ':' at 13"),
        arguments("spiffe://@td/x", "trust domain: '@' at 9"),
        arguments("spiffe://[::1]/x", "trust domain: '[' at 9"),
        arguments("spiffe://t%64/x", "trust domain: '%' at 10, percent-encoding"),
        arguments("spiffe://td?x", "trust domain: '?' at 11, a query"),
        arguments("spiffe://td#x", "trust domain: '#' at 11, a fragment"),
        arguments("spiffe://td ", "trust domain: U+0020 at 11"),
        arguments("spiffe://td\n", "trust domain: U+000A at 11"),
        arguments("spiffe://td\\x", "trust domain: '\\' at 11"),
        arguments("spiffe://td,x", "trust domain: ',' at 11"),
        arguments("spiffe://*/x", "trust domain: '*' at 9"),
        arguments("spiffe://td\u0000/x", "trust domain: U+0000 at 11"),
        arguments("spiffe://td\u200b/x", "trust domain: U+200B at 11"),
        arguments("spiffe://td/", "path: '/' at 11 (expected: no slash at the end)"),
        arguments("spiffe://td//", "path: empty segment at 12"),
        arguments("spiffe://td//a", "path: empty segment at 12"),
        arguments("spiffe://td/a//b", "path: empty segment at 14"),
        arguments("spiffe://td/a/", "path: '/' at 13 (expected: no slash at the end)"),
        arguments("spiffe://td/.", "path: \".\" at 12"),
        arguments("spiffe://td/..", "path: \"..\" at 12"),
        arguments("spiffe://td/./a", "path: \".\" at 12"),
        arguments("spiffe://td/../a", "path: \"..\" at 12"),
        arguments("spiffe://td/a/.", "path: \".\" at 14"),
        arguments("spiffe://td/a/../b", "path: \"..\" at 14"),
        arguments("spiffe://td/a/./", "path: \".\" at 14"),
        arguments("spiffe://td/%2e", "path: '%' at 12, percent-encoding"),
        arguments("spiffe://td/a%2Fb", "path: '%' at 13, percent-encoding"),
        arguments("spiffe://td/a%", "path: '%' at 13, percent-encoding"),
        arguments("spiffe://td/a?q=1", "path: '?' at 13, a query"),
        arguments("spiffe://td/a?", "path: '?' at 13, a query"),
        arguments("spiffe://td/a#f", "path: '#' at 13, a fragment"),
        arguments("spiffe://td/a#", "path: '#' at 13, a fragment"),
        arguments("spiffe://td/a:b", "path: ':' at 13"),
        arguments("spiffe://td/a@b", "path: '@' at 13"),
        arguments("spiffe://td/a;b", "path: ';' at 13"),
        arguments("spiffe://td/a,b", "path: ',' at 13"),
        arguments("spiffe://td/a+b", "path: '+' at 13"),
        arguments("spiffe://td/a~b", "path: '~' at 13"),
        arguments("spiffe://td/a*", "path: '*' at 13"),
        arguments("spiffe://td/a\\b", "path: '\\' at 13"),
        arguments("spiffe://td/a b", "path: U+0020 at 13"),
        arguments("spiffe://td/a ", "path: U+0020 at 13"),
        arguments("spiffe://td/a\t", "path: U+0009 at 13"),
        arguments("spiffe://td/a\r", "path: U+000D at 13"),
        arguments("spiffe://td/a\n", "path: U+000A at 13"),
        arguments("spiffe://td/a\nb", "path: U+000A at 13"),
        arguments("spiffe://td/a\u0000", "path: U+0000 at 13"),
        arguments("spiffe://td/a\u007f", "path: U+007F at 13"),
        arguments("spiffe://td/a\u0085", "path: U+0085 at 13"),
        arguments("spiffe://td/a\u00a0", "path: U+00A0 at 13"),
        arguments("spiffe://td/a\u2028", "path: U+2028 at 13"),
        arguments("spiffe://td/\u212a", "path: U+212A at 12"),
        arguments("spiffe://td/\uff41", "path: U+FF41 at 12"),
        arguments("spiffe://td/\uff0e", "path: U+FF0E at 12"),
        arguments("spiffe://td/a\u2215b", "path: U+2215 at 13"),
        arguments("spiffe://td/\ufeff", "path: U+FEFF at 12"),
        arguments(named("lone surrogate in path", "spiffe://td/a\ud800"), "path: U+D800 at 13"),
        arguments(
            named("td of 256", "spiffe://" + "a".repeat(256) + "/x"),
            "trust domain: length 256 (expected: at most 255 bytes)"),
        arguments(
            named("2049 bytes", "spiffe://td" + PATH_TO_2048 + "a"),
            "length: 2049 (expected: at most 2048 bytes)"));
  }

  @ParameterizedTest(name = "{index} {1}")
  @MethodSource("invalid")
  void invalid_id_is_refused_with_the_reason(String text, String reason) {
    assertThat(SpiffeId.problem(text)).startsWith(reason).matches("[ -~]+");
    assertThat(SpiffeId.tryParse(text)).isNull();
    assertThatThrownBy(() -> SpiffeId.parse(text))
        .isInstanceOfSatisfying(
            InvalidSpiffeIdException.class, e -> assertThat(e.reason()).startsWith(reason))
        .hasMessageContaining(reason);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"tr", "lt", "az"})
  void locale_changes_nothing(String language) {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag(language));

      assertThat(SpiffeId.problem("spiffe://id.local/I")).isNull();
      assertThat(SpiffeId.problem("SPIFFE://id.local/I")).isNotNull();
      assertThat(SpiffeId.problem("spiffe://ID.local/I")).isNotNull();
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void every_character_is_decided_by_the_grammar() {
    for (char c = 0; c < Character.MAX_VALUE; c++) {
      boolean ofTrustDomain = "abcdefghijklmnopqrstuvwxyz0123456789.-_".indexOf(c) >= 0;
      boolean ofPath = ofTrustDomain || c >= 'A' && c <= 'Z' || c == '/';
      boolean right =
          (SpiffeId.problem("spiffe://a" + c + "/x") == null) == ofTrustDomain
              && (SpiffeId.problem("spiffe://td/a" + c + "b") == null) == ofPath;
      if (!right) {
        fail("U+%04X", (int) c);
      }
    }
  }

  @Test
  void random_text_is_read_or_refused() {
    Random random = new Random(20260131);
    String alphabet = "spiffe://td.-_AZ09%:@?#[]\\ \t\r\n\u0000\u0131\u212a\ud83d\ude00\ufeff";
    for (int i = 0; i < 200_000; i++) {
      StringBuilder text = new StringBuilder(random.nextInt(4) == 0 ? "" : "spiffe://td");
      for (int rest = random.nextInt(12); rest > 0; rest--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      SpiffeId id = SpiffeId.tryParse(text.toString());
      boolean right =
          id == null
              ? SpiffeId.problem(text.toString()) != null
              : text.toString().equals("spiffe://" + id.trustDomain() + id.path());
      if (!right) {
        fail(Quoted.of(text.toString()));
      }
    }
  }

  @Test
  void ids_differ_by_case_of_path() {
    assertThat(SpiffeId.parse("spiffe://td/a")).isNotEqualTo(SpiffeId.parse("spiffe://td/A"));
  }

  @Test
  void id_of_segments_is_joined() {
    TrustDomain td = TrustDomain.parse("td");

    assertThat(SpiffeId.of(td, "a", "B.c")).hasToString("spiffe://td/a/B.c");
    assertThat(SpiffeId.of(td)).isEqualTo(td.id());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a/b", "/", "%41", "\u00e4"})
  void segment_that_is_not_allowed_is_refused(String segment) {
    TrustDomain td = TrustDomain.parse("td");

    assertThatThrownBy(() -> SpiffeId.of(td, segment))
        .isInstanceOf(InvalidSpiffeIdException.class)
        .hasMessageStartingWith("segment: \"");
  }

  @Test
  void message_shows_hostile_text_on_one_line() {
    assertThatThrownBy(() -> SpiffeId.parse("spiffe://td/\nERROR forged\u2028" + "x".repeat(999)))
        .hasMessageStartingWith(
            "SPIFFE ID: \"spiffe://td/\\u000aERROR forged\\u2028xxx") // cut somewhere
        .hasMessageEndingWith("x...\": path: U+000A at 12 (expected: a-z A-Z 0-9 . - _)");
  }

  @Test
  void service_account_is_seen_in_istios_path() {
    SpiffeId id = SpiffeId.parse("spiffe://cluster.local/ns/production/sa/web");

    assertThat(id.serviceAccount())
        .isEqualTo(new ServiceAccount(TrustDomain.parse("cluster.local"), "production", "web"));
    assertThat(id.serviceAccount().id()).isEqualTo(id);
    assertThat(id.principal()).isEqualTo("cluster.local/ns/production/sa/web");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spiffe://td",
        "spiffe://td/ns",
        "spiffe://td/ns/a",
        "spiffe://td/ns/a/sa",
        "spiffe://td/ns/a/sb/c",
        "spiffe://td/NS/a/sa/c",
        "spiffe://td/ns/a/b/sa/c",
        "spiffe://td/ns/a/sa/c/d",
        "spiffe://td/x/ns/a/sa/c"
      })
  void service_account_is_not_seen_in_other_paths(String id) {
    assertThat(SpiffeId.parse(id).serviceAccount()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "TD", "spiffe://td", "td/x", "td:1", "t\u212a"})
  void trust_domain_that_is_none_is_refused(String name) {
    assertThat(TrustDomain.tryParse(name)).isNull();
    assertThatThrownBy(() -> TrustDomain.parse(name))
        .isInstanceOf(InvalidSpiffeIdException.class)
        .hasMessageStartingWith("trust domain: \"");
  }
}
