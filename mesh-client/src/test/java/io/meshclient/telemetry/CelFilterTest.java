package io.meshclient.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CelFilterTest {
  private static final RequestFacts FACTS =
      FakeFacts.get("/api/orders?page=2", 503).withRequestHeader("x-user-id", "42");

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '#',
      quoteCharacter = '`',
      value = {
        "response.code >= 400 # true",
        "response.code < 400 # false",
        "response.code == 503 && request.method == 'GET' # true",
        "response.code == 200 || request.method == \"GET\" # true",
        "!(response.code == 503) # false",
        "request.url_path == '/api/orders' # true",
        "request.path.startsWith('/api/') # true",
        "!request.url_path.startsWith('/health') # true",
        "request.url_path.matches('^/api/[a-z]+$') # true",
        "request.url_path.contains('order') && request.url_path.endsWith('s') # true",
        "has(request.headers['x-user-id']) # true",
        "has(request.headers['x-canary']) # false",
        "request.headers['x-user-id'] == '42' # true",
        "request.headers['x-canary'] != 'true' # false",
        "request.duration > duration('10ms') # true",
        "request.duration > duration(\"1s\") # false",
        "connection.mtls # false",
        "response.size > 40 && request.size <= 3 # true",
        "xds.cluster_name.startsWith('outbound|8080') # true",
        "true # true",
      })
  void filter_ofARequest(String expression, boolean expected) {
    assertThat(CelFilter.parse(expression).test(FACTS)).isEqualTo(expected);
  }

  /** Each of them cut off anywhere, and with each of its words and signs left out. */
  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "!(response.code == 503) && request.method == 'GET' || connection.mtls",
        "request.url_path.matches('^/api/[a-z]+$') && request.path.startsWith(\"/a\")",
        "has(request.headers['x-user-id']) && request.headers['x-canary'] != 'true'",
        "has(request.headers.authorization) || true",
        "request.duration > duration('1.5s') && response.size >= -4.5",
      })
  void filter_thatIsDamaged_isReadOrSaid(String expression) {
    CelFilter.parse(expression);
    for (int i = 0; i < expression.length(); i++) {
      isReadOrSaid(expression.substring(0, i));
      isReadOrSaid(expression.substring(i));
      isReadOrSaid(expression.substring(0, i) + expression.substring(i + 1));
    }
    List<String> words = CelTokens.of(expression).stream().map(CelFilterTest::asWritten).toList();
    for (int i = 0; i < words.size() - 1; i++) {
      List<String> left = new ArrayList<>(words.subList(0, words.size() - 1));
      left.remove(i);
      isReadOrSaid(String.join("", left));
      isReadOrSaid(String.join(" ", left));
    }
  }

  private static String asWritten(CelTokens.Token token) {
    return token.kind() == CelTokens.Kind.STRING ? "'" + token.text() + "'" : token.text();
  }

  private static void isReadOrSaid(String expression) {
    try {
      CelFilter.parse(expression).test(FACTS);
    } catch (IllegalArgumentException e) {
      assertThat(e).as(expression).hasMessageContaining("(expected: ");
    }
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"(", "!", "true&&", "true||", "a."})
  void filter_withoutEnd_isSaid(String again) {
    assertThatThrownBy(() -> CelFilter.parse(again.repeat(100_000)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("(expected: 1000 words and signs at most)");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '#',
      quoteCharacter = '`',
      value = {
        "response.code >= # the end (expected: a number",
        "response.code >= 'x' # x (expected: a number or a duration)",
        "response.code > 400 and true # and (expected: &&, || or the end)",
        "(response.code > 400 # the end (expected: ))",
        "response.status > 400 # response.status (expected: an attribute",
        "request.path.size() > 3 # size() (expected: one of",
        "request.path.startsWith(3) # 3 (expected: a string)",
        "request.path.matches('(') # expected: RE2",
        "response.code ? 1 # expected: no ?",
        "'a # expected: a second '",
        "response. # the end (expected: a name behind the dot)",
        "request.path. # the end (expected: a name behind the dot)",
        "request..path # . (expected: a name behind the dot)",
        "request.path.( # ( (expected: a name behind the dot)",
        "response.code '==' 3 # == (expected: &&, || or the end)",
        "request.headers[name] == 'a' # name (expected: a string)",
        "request.duration > duration(5) # 5 (expected: a string)",
        "request.duration > duration('1.2.3s') # expected: a duration, such as 500ms",
      })
  void filter_thatIsNotUnderstood_isSaid(String expression, String expected) {
    assertThatThrownBy(() -> CelFilter.parse(expression))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(expected);
  }
}
