package io.meshclient.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.re2j.Pattern;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The small translators of text: header values, paths, redirects, endpoints in short form. */
class ValuesTest {

  @ParameterizedTest
  @CsvSource({
    "plain, plain",
    "100%%, 100%",
    "%REQ(x-a)%, one",
    "a=%REQ(X-A)%!, a=one!",
    "%REQ(x-b?x-a)%, one",
    "%REQ(x-b)%, ''",
    "%REQ(x-a):2%, on",
    "%REQ(:METHOD)% %REQ(:PATH)%, GET /p?q=1",
    "%PROTOCOL%, HTTP/1.1",
    "%RESPONSE_CODE%, 200",
    "%UPSTREAM_CLUSTER%, c;",
    "%REQUEST_HEADER(x-b?x-a)%, one",
    "%RESP(X-UP)%%RESPONSE_HEADER(x-none?x-up)%, realreal",
    "%PATH(NQ)% %PATH(WQ)%, /p /p?q=1",
    "%QUERY_PARAM(q)%, 1",
    "%ROUTE_NAME%, r.m",
    "%REQ(host)% %REQ(:authority)%, h:8080 h:8080",
    "%REQ(x-forwarded-proto)%, http",
  })
  void template_evaluates(String template, String value) {
    assertThat(ValueTemplate.compile(template).evaluate(new Call())).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"50%", "%REQ(x", "%NO_SUCH%", "%REQ(a):x%"})
  void template_thatIsWrong_saysWhatWasExpected(String template) {
    assertThatThrownBy(() -> ValueTemplate.compile(template))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected:");
  }

  @ParameterizedTest
  @CsvSource({
    "/service/foo/v1/api, ^/service/([^/]+)(/.*)$, \\2/instance/\\1, /v1/api/instance/foo",
    "/xx/one/and/one, one, two, /xx/two/and/two",
    "/a, z, y, /a",
    "/a$b, a, $1, /$1$b",
  })
  void regexRewrite_replacesAllWithGroups(
      String path, String regex, String replacement, String result) {
    PathRewrite rewrite = new PathRewrite.Regex(Pattern.compile(regex), replacement);
    assertThat(rewrite.apply(path, PathMatch.ANY)).isEqualTo(result);
  }

  @ParameterizedTest
  @CsvSource({"/api/a, /a", "/api, /", "/api/, /", "/api//a, //a"})
  void prefixTakenOff_leavesASlash(String path, String result) {
    PathMatch match = new PathMatch.SegmentPrefix("/api");
    assertThat(new PathRewrite.PrefixTakenOff().apply(path, match)).isEqualTo(result);
  }

  @ParameterizedTest
  @CsvSource({
    "http://h:8080/a?q=1, , , 0, /x, http://h:8080/x?q=1",
    "http://h:8080/a?q=1, , , 0, /x?y=2, http://h:8080/x?y=2",
    "http://h:8080/a?q=1, , , 0, , http://h:8080/a?q=1",
    "http://h:8080/a, https, , 8443, , https://h:8443/a",
    "http://h/a, https, , 0, , https://h/a",
    "http://h:8080/a, , other, 0, x, http://other/x",
    "http://h:8080/a, , other, -1, , http://other:8080/a",
  })
  void redirect_leads(
      String url,
      @Nullable String scheme,
      @Nullable String host,
      int port,
      @Nullable String path,
      String location) {
    RouteAction.Redirect redirect =
        new RouteAction.Redirect(301, scheme, host, port, path, null, List.of());
    assertThat(Redirects.location(FakeRequest.get(url), redirect, PathMatch.ANY))
        .isEqualTo(location);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "x=",
        "x=host",
        "x=host:",
        "x=host:0",
        "x=host:65536",
        "=h:1",
        "x=a:b:1",
        "x=h:1+",
        "x=h:1+region",
        "x=h:1+=eu",
        "x=h:1+a=1+a=2",
        "x/v1=h:1+version=v2"
      })
  void staticEndpoint_thatIsWrong_saysWhatWasExpected(String text) {
    assertThatThrownBy(() -> StaticEndpoint.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected:");
  }

  @Test
  void staticEndpoint_hasServiceVersionAndAddress() {
    assertThat(StaticEndpoint.parse("order-service/v2=localhost:8082"))
        .isEqualTo(new StaticEndpoint("order-service", Map.of("version", "v2"), "localhost", 8082));
    assertThat(StaticEndpoint.parse("a.b=[::1]:80"))
        .isEqualTo(new StaticEndpoint("a.b", Map.of(), "::1", 80));
  }

  @Test
  void staticEndpoint_hasLabelsInOrder() {
    StaticEndpoint endpoint = StaticEndpoint.parse("orders/v2=[::1]:80 + region=eu + empty=");
    assertThat(endpoint.address()).isEqualTo("::1");
    assertThat(endpoint.version()).isEqualTo("v2");
    assertThat(endpoint.labels())
        .containsExactly(
            Map.entry("version", "v2"), Map.entry("region", "eu"), Map.entry("empty", ""));
  }

  private static final class Call implements TemplateContext {
    @Override
    public RequestView request() {
      return FakeRequest.get("http://h:8080/p?q=1").header("x-a", "one");
    }

    @Override
    public String routeName() {
      return "r.m";
    }

    @Override
    public String cluster() {
      return "c";
    }

    @Override
    public int responseCode() {
      return 200;
    }

    @Override
    public @Nullable String responseHeader(String name) {
      return name.equals("x-up") ? "real" : null;
    }

    @Override
    public @Nullable String upstreamHost() {
      return null;
    }

    @Override
    public String responseFlags() {
      return "";
    }
  }
}
