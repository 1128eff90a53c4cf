package io.meshclient.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Envoy 1.40 answered to the same headers, with rules that ask whether they are there. */
class HiddenHeadersTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "keep-alive",
        "proxy-connection",
        "transfer-encoding",
        "connection",
        "upgrade",
        "x-envoy-internal",
        "x-envoy-retriable-status-codes",
        "x-envoy-retriable-header-names",
        "x-envoy-retry-on",
        "x-envoy-retry-grpc-on",
        "x-envoy-max-retries",
        "x-envoy-upstream-alt-stat-name",
        "x-envoy-upstream-rq-timeout-ms",
        "x-envoy-upstream-rq-per-try-timeout-ms",
        "x-envoy-upstream-rq-timeout-alt-response",
        "x-envoy-expected-rq-timeout-ms",
        "x-envoy-force-trace",
        "x-envoy-ip-tags",
        "x-envoy-original-url",
        "x-envoy-hedge-on-per-try-timeout",
        "x-envoy-upstream-stream-duration-ms",
        "x-forwarded-client-cert"
      })
  void someAreNeverThere(String name) {
    TestRequest request = TestRequest.get("/").header(name, "1");
    assertThat(HiddenHeaders.of(request).visible(name)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x-role",
        "x-envoy-attempt-count",
        "x-envoy-decorator-operation",
        "x-envoy-original-path",
        "x-envoy-external-address",
        "http2-settings",
        "trailer",
        "cookie",
        "via",
        "expect"
      })
  void othersAre(String name) {
    TestRequest request = TestRequest.get("/").header(name, "1");
    assertThat(HiddenHeaders.of(request).visible(name)).containsExactly("1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "trailers | trailers",
        "'gzip, trailers' | trailers",
        "'trailers, gzip' | trailers",
        "gzip |",
        "Trailers |",
        "trailers;q=1 |",
        "trailersx |"
      })
  void ofEncodingsTrailersAreLeft(String sent, String seen) {
    TestRequest request = TestRequest.get("/").header("te", sent);
    if (seen == null) {
      assertThat(HiddenHeaders.of(request).visible("te")).isEmpty();
    } else {
      assertThat(HiddenHeaders.of(request).visible("te")).containsExactly(seen);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Upgrade, websocket, true",
    "'keep-alive, Upgrade', websocket, true",
    "upgrade, foo, false",
    "Upgrade, h2c, false",
    "keep-alive, websocket, false"
  })
  void anUpgradeToWebSocketIsSeen(String connection, String upgrade, boolean seen) {
    TestRequest request =
        TestRequest.get("/").header("connection", connection).header("upgrade", upgrade);
    assertThat(HiddenHeaders.of(request).visible("upgrade").isEmpty()).isEqualTo(!seen);
    assertThat(HiddenHeaders.of(request).visible("connection").isEmpty()).isEqualTo(!seen);
  }

  @Test
  void expectationsThatEnvoyMeetsAreNot() {
    TestRequest request = TestRequest.get("/").header("expect", "100-continue");
    assertThat(HiddenHeaders.of(request).visible("expect")).isEmpty();
  }

  @Test
  void overTlsACallersCertificateIsForwarded() {
    TestRequest request = TestRequest.secured("/").header("x-forwarded-client-cert", "By=a");
    assertThat(HiddenHeaders.of(request).visible("x-forwarded-client-cert"))
        .containsExactly("By=a");
  }

  @Test
  void whatConnectionNamesIsNotThere() {
    TestRequest request =
        TestRequest.get("/").header("connection", "close, X-Role").header("x-role", "admin");
    assertThat(HiddenHeaders.of(request).visible("x-role")).isEmpty();
    assertThat(HiddenHeaders.of(request).hideOrigin()).isFalse();
  }

  @Test
  void connectionMustNotNameTheOrigin() {
    TestRequest request = TestRequest.get("/").header("connection", "x-forwarded-for");
    assertThat(HiddenHeaders.of(request).hideOrigin()).isTrue();
  }
}
