package io.meshclient.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
      })
  void filter_thatIsNotUnderstood_isSaid(String expression, String expected) {
    assertThatThrownBy(() -> CelFilter.parse(expression))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(expected);
  }
}
