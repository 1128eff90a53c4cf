package io.meshclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import okhttp3.Headers;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ProxyReportTest {

  @ParameterizedTest(name = "[{0}]")
  @MethodSource("answers")
  void report_isOfWhatTheAnswerSays(String headers, String words) {
    ProxyReport report = ProxyReport.of(answer(headers));

    assertThat(report == null ? "none" : report.toString()).isEqualTo(words);
  }

  static Stream<Arguments> answers() {
    return Stream.of(
        arguments("", "none"),
        arguments("server: nginx", "none"),
        arguments("server: envoy", "envoy, answered by itself"),
        arguments(
            "server: istio-envoy; x-envoy-upstream-service-time: 7", "istio-envoy, 7 ms upstream"),
        arguments("server: nginx; x-envoy-upstream-service-time: 7", "nginx, 7 ms upstream"),
        arguments(
            "server: envoy; x-envoy-upstream-service-time: 7; x-envoy-attempt-count: 1",
            "envoy, 1 try, 7 ms upstream"),
        arguments("x-envoy-attempt-count: 4", "proxy, 4 tries"),
        arguments("x-envoy-attempt-count: many", "none"),
        arguments(
            "server: envoy; x-envoy-overloaded: true", "envoy, answered by itself, overloaded"),
        arguments(
            "server: envoy; x-envoy-response-flags: UF,URX",
            "envoy, answered by itself, UF (no connection), URX (no retry left)"),
        arguments("l5d-proxy-error: no endpoints", "proxy, no endpoints"));
  }

  private static Response answer(String lines) {
    Headers.Builder headers = new Headers.Builder();
    for (String line : lines.split("; ", -1)) {
      if (!line.isEmpty()) {
        headers.add(line);
      }
    }
    return new Response.Builder()
        .request(new Request.Builder().url("http://orders/").build())
        .protocol(Protocol.HTTP_1_1)
        .code(200)
        .message("OK")
        .headers(headers.build())
        .build();
  }
}
