package io.meshclient.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the W3C's harness asks of a service, asked over the wire of the relay. */
@Timeout(60)
class TraceRelayTest {
  private static final String TRACE = "12345678901234567890123456789012";
  private static final String PARENT = "1234567890123456";
  private static final String VALID = "00-" + TRACE + "-" + PARENT + "-01";

  private static final List<Headers> calledBack = new CopyOnWriteArrayList<>();
  private static HttpServer harness;
  private static TraceRelay relay;

  @BeforeAll
  static void start() throws IOException {
    harness = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    harness.createContext(
        "/",
        exchange -> {
          try (exchange) {
            calledBack.add(exchange.getRequestHeaders());
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, -1);
          }
        });
    harness.start();
    relay = TraceRelay.start(Map.of("SERVICE_PORT", "0", "SERVICE_ADDRESS", "127.0.0.1"));
  }

  @AfterAll
  static void stop() {
    relay.close();
    harness.stop(0);
  }

  @BeforeEach
  void forget() {
    calledBack.clear();
  }

  static Stream<Arguments> continued() {
    return Stream.of(
        arguments("without tracestate", headers("traceparent", VALID)),
        arguments("mixed case", headers("TrAcEpArEnT", VALID)),
        arguments("a later version", headers("traceparent", "cc" + VALID.substring(2))),
        arguments(
            "a later version with more",
            headers("traceparent", "cc" + VALID.substring(2) + "-what-the-future-will-be-like")),
        arguments("white space", headers("traceparent", "\t " + VALID + " \t")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("continued")
  void trace_goesOn(String row, List<String> headers) throws IOException {
    post(1, headers);
    String[] traceparent = traceparent(0);
    assertThat(traceparent[1]).isEqualTo(TRACE);
    assertThat(traceparent[2]).isNotEqualTo(PARENT);
    assertThat(traceparent[3]).matches("0[13]");
  }

  static Stream<Arguments> begun() {
    return Stream.of(
        arguments("no headers", headers()),
        arguments("two", headers("traceparent", VALID, "traceparent", VALID)),
        arguments("another name", headers("trace-parent", VALID)),
        arguments("more behind version 00", headers("traceparent", VALID + "-more")),
        arguments("version ff", headers("traceparent", "ff" + VALID.substring(2))),
        arguments("zeros", headers("traceparent", "00-" + "0".repeat(32) + "-" + PARENT + "-01")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("begun")
  void trace_beginsAnew(String row, List<String> headers) throws IOException {
    post(1, headers);
    assertThat(traceparent(0)[1]).isNotEqualTo(TRACE).isNotEqualTo("0".repeat(32));
  }

  static Stream<Arguments> states() {
    return Stream.of(
        arguments(
            "joined in order",
            headers("tracestate", "foo=1,bar=2", "tracestate", "rojo=1,congo=2"),
            "foo=1,bar=2,rojo=1,congo=2"),
        arguments("an empty line", headers("tracestate", "foo=1", "tracestate", ""), "foo=1"),
        arguments("white space", headers("tracestate", "foo=1 \t , \t bar=2"), "foo=1,bar=2"),
        arguments("a key twice", headers("tracestate", "foo=1", "tracestate", "foo=2"), "foo=1"),
        arguments("malformed", headers("tracestate", "foo@=1,bar=2"), ""));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("states")
  void tracestate_isKept(String row, List<String> headers, String expected) throws IOException {
    List<String> all = new ArrayList<>(headers("traceparent", VALID));
    all.addAll(headers);
    post(1, all);
    assertThat(traceparent(0)[1]).isEqualTo(TRACE);
    List<String> states = calledBack.get(0).getOrDefault("Tracestate", List.of());
    assertThat(String.join(",", states)).isEqualTo(expected);
  }

  @Test
  void tracestate_alone_isDropped() throws IOException {
    post(1, headers("tracestate", "foo=1"));
    assertThat(calledBack.get(0).containsKey("tracestate")).isFalse();
  }

  @Test
  void severalCalls_shareATrace_andHaveSpansOfTheirOwn() throws IOException {
    post(3, headers("traceparent", VALID));
    Set<String> traces = new HashSet<>();
    Set<String> spans = new HashSet<>();
    for (int i = 0; i < 3; i++) {
      traces.add(traceparent(i)[1]);
      spans.add(traceparent(i)[2]);
    }
    assertThat(traces).containsExactly(TRACE);
    assertThat(spans).hasSize(3);
  }

  @Test
  void severalCalls_withoutTrace_haveSpansOfTheirOwn() throws IOException {
    post(3, headers());
    Map<String, String> spans = new HashMap<>();
    for (int i = 0; i < 3; i++) {
      spans.put(traceparent(i)[2], traceparent(i)[1]);
    }
    assertThat(spans).hasSize(3);
  }

  @Test
  void body_thatIsNone_isSaid() throws IOException {
    assertThat(send("{}", headers())).startsWith("HTTP/1.1 400 ").contains("expected");
  }

  private static void post(int calls, List<String> headers) throws IOException {
    String url = "http://127.0.0.1:" + harness.getAddress().getPort() + "/callback";
    String one = "{\"url\": \"" + url + "\", \"arguments\": []}";
    String body = "[" + String.join(",", java.util.Collections.nCopies(calls, one)) + "]";
    assertThat(send(body, headers)).startsWith("HTTP/1.1 200 ");
    assertThat(calledBack).hasSize(calls);
  }

  /** By a socket, since clients of HTTP would tidy the headers up. */
  private static String send(String body, List<String> headers) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", relay.port())) {
      socket.setSoTimeout(20_000);
      StringBuilder request = new StringBuilder("POST /test HTTP/1.1\r\nHost: relay\r\n");
      request.append("Connection: close\r\nContent-Type: application/json\r\n");
      for (int i = 0; i < headers.size(); i += 2) {
        request.append(headers.get(i)).append(": ").append(headers.get(i + 1)).append("\r\n");
      }
      request.append("Content-Length: ").append(body.length()).append("\r\n\r\n").append(body);
      OutputStream out = socket.getOutputStream();
      out.write(request.toString().getBytes(StandardCharsets.US_ASCII));
      out.flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Version, trace, span, flags of the header of a call, which has to be one. */
  private static String[] traceparent(int call) {
    List<String> values = calledBack.get(call).getOrDefault("Traceparent", List.of());
    assertThat(values).hasSize(1);
    assertThat(values.get(0)).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");
    return values.get(0).split("-");
  }

  private static List<String> headers(String... namesAndValues) {
    return List.of(namesAndValues);
  }
}
