package io.meshclient.cli.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class OutboundMessagesTest {

  @Test
  void request_headers_pass_in_order_with_repetitions_and_nothing_is_added() throws IOException {
    List<String> head =
        requestHead(
            "X-One: A",
            "x-one: b,  C",
            "User-Agent: t",
            "X-ONE:   spaced  ",
            "Cookie: a=1; b=2",
            "x-utf8: \u00c3\u00a9");

    assertThat(head)
        .containsExactly(
            "GET / HTTP/1.1",
            "Host: order-service:8080",
            "X-One: A",
            "x-one: b,  C",
            "User-Agent: t",
            "X-ONE: spaced",
            "Cookie: a=1; b=2",
            "x-utf8: \u00c3\u00a9",
            head.get(head.size() - 1));
    assertThat(head.get(head.size() - 1)).startsWith("x-request-id: ");
  }

  @Test
  void request_without_headers_gets_no_more_than_an_id() throws IOException {
    assertThat(requestHead()).hasSize(3).element(1).isEqualTo("Host: order-service:8080");
  }

  @Test
  void hop_by_hop_headers_of_a_request_stay() throws IOException {
    List<String> head =
        requestHead(
            "Connection: keep-alive, X-Hop, Upgrade",
            "X-Hop: 1",
            "Keep-Alive: timeout=5",
            "Proxy-Connection: keep-alive",
            "Proxy-Authorization: Basic eA==",
            "TE: trailers",
            "Upgrade: websocket",
            "X-Kept: 1");

    assertThat(head).hasSize(4).contains("X-Kept: 1");
  }

  @Test
  void answer_headers_pass_in_order_and_nothing_is_added() throws IOException {
    List<String> head =
        answerHead(
            "200 OK",
            "X-MiXed: A",
            "Set-Cookie: a=1",
            "set-cookie: b=2",
            "content-type: x/y; Q=1",
            "X-Last: \u00c3\u00a9");

    assertThat(head)
        .containsExactly(
            "HTTP/1.1 200 OK",
            "X-MiXed: A",
            "Set-Cookie: a=1",
            "set-cookie: b=2",
            "content-type: x/y; Q=1",
            "X-Last: \u00c3\u00a9",
            "Content-Length: 0");
  }

  @Test
  void date_and_server_of_the_destination_pass() throws IOException {
    assertThat(answerHead("200 OK", "Date: then", "Server: theirs"))
        .contains("Date: then", "Server: theirs");
  }

  @Test
  void hop_by_hop_headers_of_an_answer_stay() throws IOException {
    assertThat(
            answerHead(
                "200 OK", "Connection: X-Hop", "X-Hop: 1", "Keep-Alive: timeout=5", "Trailer: X"))
        .containsExactly("HTTP/1.1 200 OK", "Content-Length: 0");
  }

  @Test
  void encoded_body_passes_undecoded() throws IOException {
    try (RawServer server =
            new RawServer(
                (request, out) ->
                    out.write(
                        Wire.bytes(
                            "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 6\r\n\r\n"
                                + "no zip")));
        TestProxy proxy = TestProxy.before(server)) {
      RawClient.Answer answer = proxy.get("/");

      assertThat(answer.body()).isEqualTo("no zip");
      assertThat(answer.value("content-encoding")).isEqualTo("gzip");
      assertThat(server.received().get(0).value("accept-encoding")).isEmpty();
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = ' ',
      value = {
        "/a%2Fb /a%2Fb",
        "//x//y //x//y",
        "/a;b=c/d;e /a;b=c/d;e",
        "/a/../b /b",
        "/a/./b/ /a/b/",
        "/%79 /y",
        "/a?b=%20+c&&d= /a?b=%20+c&&d=",
        "/? /?",
        "/a?x=http://y/?z /a?x=http://y/?z",
        "/a:b@c,d!$ /a:b@c,d!$",
      })
  void path_goes_out_as_it_came_but_for_dots(String sent, String received) throws IOException {
    try (RawServer server = RawServer.saying("");
        TestProxy proxy = TestProxy.before(server)) {
      proxy.get(sent);

      assertThat(server.received().get(0).line()).isEqualTo("GET " + received + " HTTP/1.1");
    }
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"/a%00b", "/%zz", "/a%"})
  void path_that_is_wrongly_encoded_is_answered_400(String path) throws IOException {
    try (RawServer server = RawServer.saying("");
        TestProxy proxy = TestProxy.before(server)) {
      assertThat(proxy.get(path).status()).isEqualTo(400);
      assertThat(server.received()).isEmpty();
    }
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"GET", "DELETE", "OPTIONS", "PATCH", "PROPFIND", "x-Own"})
  void method_passes(String method) throws IOException {
    try (RawServer server = RawServer.saying("ok");
        TestProxy proxy = TestProxy.before(server)) {
      RawClient.Answer answer = RawClient.exchange(proxy.port(), TestProxy.request(method, "/"));

      assertThat(answer.body()).isEqualTo("ok");
      assertThat(server.received().get(0).head())
          .hasSize(3)
          .first()
          .isEqualTo(method + " / HTTP/1.1");
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"200, OK", "201, Created", "404, Not Found", "418, ''", "599, 599"})
  void status_passes(int status, String reason) throws IOException {
    assertThat(answerHead(status + " " + reason).get(0)).startsWith("HTTP/1.1 " + status + " ");
  }

  @Test
  void redirect_is_not_followed() throws IOException {
    assertThat(answerHead("302 Found", "Location: http://order-service:8080/x"))
        .contains("HTTP/1.1 302 Found", "Location: http://order-service:8080/x");
  }

  private static List<String> requestHead(String... headers) throws IOException {
    try (RawServer server = RawServer.saying("");
        TestProxy proxy = TestProxy.before(server)) {
      proxy.get("/", headers);
      return server.received().get(0).head();
    }
  }

  private static List<String> answerHead(String status, String... headers) throws IOException {
    String more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
    String answer = "HTTP/1.1 " + status + "\r\n" + more + "Content-Length: 0\r\n\r\n";
    try (RawServer server = new RawServer((request, out) -> out.write(Wire.bytes(answer)));
        TestProxy proxy = TestProxy.before(server)) {
      return proxy.get("/").head();
    }
  }
}
