package io.meshclient.cli.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that two could read in two ways: the service gets none of them. */
@Timeout(60)
final class InboundSmugglingTest {
  private RawServer service;
  private TestInbound proxy;

  @BeforeEach
  void start() throws IOException {
    service = RawServer.saying("served");
    proxy = TestInbound.before(service, "");
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    service.close();
  }

  /** {@code ~} stands for the end of a line, {@code @} for NUL. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST / HTTP/1.1~Host: a~Content-Length: 5~Transfer-Encoding: chunked~~0~~",
        "POST / HTTP/1.1~Host: a~Transfer-Encoding: chunked~Content-Length: 5~~0~~",
        "POST / HTTP/1.1~Host: a~content-LENGTH: 5~transfer-ENCODING: chunked~~0~~",
        "POST / HTTP/1.1~Host: a~Content-Length: 5~Content-Length: 6~~123456",
        "POST / HTTP/1.1~Host: a~Content-Length: 5, 6~~123456",
        "POST / HTTP/1.1~Host: a~Content-Length: +5~~12345",
        "POST / HTTP/1.1~Host: a~Content-Length: -5~~12345",
        "POST / HTTP/1.1~Host: a~Content-Length: 0x5~~12345",
        "POST / HTTP/1.1~Host: a~Content-Length: 5 5~~12345",
        "POST / HTTP/1.1~Host: a~Content-Length:~~12345",
        "POST / HTTP/1.1~Host: a~Content-Length: 99999999999999999999~~12345",
        "POST / HTTP/1.1~Host: a~Transfer-Encoding: xchunked~~0~~",
        "POST / HTTP/1.1~Host: a~Transfer-Encoding: chunked, identity~~0~~",
        "POST / HTTP/1.1~Host: a~Transfer-Encoding: gzip, chunked~~0~~",
        "POST / HTTP/1.1~Host: a~Transfer-Encoding: chunked, chunked~~0~~",
        "POST / HTTP/1.1~Host: a~Transfer-Encoding: chunked~Transfer-Encoding: identity~~0~~",
        "POST / HTTP/1.1~Host: a~Transfer-Encoding: chunked~Transfer-Encoding: chunked~~0~~",
        "POST / HTTP/1.1~Host: a~Transfer-Encoding:~~0~~",
        "POST / HTTP/1.1~Host: a~Transfer-Encoding : chunked~~0~~",
        "POST / HTTP/1.1~Host: a~Transfer_Encoding: chunked~Content-Length : 5~~12345",
        "POST / HTTP/1.0~Host: a~Transfer-Encoding: chunked~~0~~",
        "GET / HTTP/1.1~Host: a~x-a: one~ two~~",
        "GET / HTTP/1.1~Host: a~x-a: one~\ttwo~~",
        "GET / HTTP/1.1~ x-a: one~Host: a~~",
        "GET / HTTP/1.1~Host: a~x-a : one~~",
        "GET / HTTP/1.1~Host: a~x a: one~~",
        "GET / HTTP/1.1~Host: a~: one~~",
        "GET / HTTP/1.1~Host: a~x-a~~",
        "GET / HTTP/1.1~Host: a~x-a: o@ne~~",
        "GET / HTTP/1.1~Host: a~x-@a: one~~",
        "GET / HTTP/1.1~Host: a~x-a: o\rne~~",
        "GET / HTTP/1.1~Host: a~x-\u00e4: one~~",
        "GET / HTTP/1.1~Host: a~Host: b~~",
        "GET / HTTP/1.1~Host: a~host: a~~",
        "GET / HTTP/1.1~~",
        "GET / HTTP/1.1~Host:~~",
        "GET http://b/ HTTP/1.1~Host: a~~",
        "GET http://user@a/ HTTP/1.1~Host: a~~",
        "GET / / HTTP/1.1~Host: a~~",
        "GET /\tHTTP/1.1~Host: a~~",
        "GET / HTTP/1.1 ~Host: a~~",
        "GET / HTTP/9.9~Host: a~~",
        "GET / HTTP/1.0~Host: a~~",
        "GET /~~",
        "G@T / HTTP/1.1~Host: a~~",
        "G(T / HTTP/1.1~Host: a~~",
        "CONNECT a:80 HTTP/1.1~Host: a:80~~",
        "GET * HTTP/1.1~Host: a~~",
        "GET a HTTP/1.1~Host: a~~",
        "GET /a@b HTTP/1.1~Host: a~~",
        "GET /\u00e4 HTTP/1.1~Host: a~~",
        "GET /\u00c0\u00ae\u00c0\u00ae/admin HTTP/1.1~Host: a~~",
        "GET /x#/../admin HTTP/1.1~Host: a~~",
      })
  void ambiguous_request_is_refused(String request) throws IOException {
    try (RawClient client = new RawClient(proxy.port())) {
      client.send(request.replace("~", "\r\n").replace('@', '\0'));
      List<String> head = Wire.head(client.in());
      if (!head.isEmpty()) {
        assertThat(head.get(0)).matches("HTTP/1.1 (4\\d\\d|501|505) .*");
        Wire.body(client.in(), head);
        assertThat(client.isCutOff()).as("connection ends").isTrue();
      }
    }
    assertThat(service.received()).isEmpty();
  }

  /** A line feed alone ends no line that a request is framed by. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST / HTTP/1.1\r\nHost: a\r\nx: y\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
        "GET / HTTP/1.1\nHost: a\n\n",
        "GET / HTTP/1.1\r\nHost: a\r\nx: y\n\r\n",
      })
  void line_feed_alone_is_refused(String request) throws IOException {
    try (RawClient client = new RawClient(proxy.port())) {
      client.send(request);
      List<String> head = Wire.head(client.in());
      assertThat(head.isEmpty() || head.get(0).startsWith("HTTP/1.1 400 ")).isTrue();
    }
    assertThat(service.received()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0x5\r\n12345\r\n0\r\n\r\n",
        "+5\r\n12345\r\n0\r\n\r\n",
        "-5\r\n12345\r\n0\r\n\r\n",
        "5 \r\n12345XX\r\n0\r\n\r\n",
        "FFFFFFFFFFFFFFFFF\r\n12345\r\n0\r\n\r\n",
        "5\r\n1234567\r\n0\r\n\r\n",
        "\r\n12345\r\n0\r\n\r\n",
        "g\r\n12345\r\n0\r\n\r\n",
      })
  void odd_chunk_ends_the_request(String body) throws IOException {
    try (RawClient client = new RawClient(proxy.port())) {
      client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + body);
      List<String> head = Wire.head(client.in());
      assertThat(head.isEmpty() || head.get(0).startsWith("HTTP/1.1 4")).as("%s", head).isTrue();
    }
    assertThat(service.received()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "5;x=y, 5",
    "5;x=\"a;b\", 5",
    "005, 5",
  })
  void chunk_extension_is_not_passed_on(String size, int length) throws IOException {
    String answer =
        RawClient.exchange(
                proxy.port(),
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + size
                    + "\r\n12345\r\n0\r\nX-Trailer: y\r\n\r\n")
            .body();
    assertThat(answer).isEqualTo("served");
    assertThat(service.received()).hasSize(1);
    assertThat(service.received().get(0).body()).hasSize(length);
    assertThat(service.received().get(0).head()).noneMatch(line -> line.contains("railer"));
  }

  @Test
  void denied_body_is_no_request() throws IOException {
    proxy.reload(TestInbound.deny("\"/admin*\""));
    String hidden = "GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n";
    try (RawClient client = new RawClient(proxy.port())) {
      client.send(
          "POST /admin HTTP/1.1\r\nHost: a\r\nContent-Length: "
              + hidden.length()
              + "\r\n\r\n"
              + hidden
              + "GET /open HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(client.answer().status()).isEqualTo(403);
      assertThat(client.answer().body()).isEqualTo("served");
    }
    assertThat(service.received()).hasSize(1);
    assertThat(service.received().get(0).line()).isEqualTo("GET /open HTTP/1.1");
  }

  @Test
  void pipelined_requests_are_decided_one_by_one() throws IOException {
    proxy.reload(TestInbound.deny("\"/admin*\""));
    try (RawClient client = new RawClient(proxy.port())) {
      client.send(
          "GET /open HTTP/1.1\r\nHost: a\r\n\r\nGET /admin HTTP/1.1\r\nHost: a\r\n\r\n"
              + "GET /open HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(client.answer().status()).isEqualTo(200);
      assertThat(client.answer().status()).isEqualTo(403);
      assertThat(client.answer().status()).isEqualTo(200);
    }
    assertThat(service.received()).hasSize(2);
  }

  @Test
  void named_in_connection_header_ends_here() throws IOException {
    RawClient.exchange(
        proxy.port(), "GET / HTTP/1.1\r\nHost: a\r\nx-role: guest\r\nConnection: x-role\r\n\r\n");
    assertThat(service.received().get(0).value("x-role")).isEmpty();
  }

  @Test
  void named_in_connection_origin_is_refused() throws IOException {
    RawClient.exchange(
        proxy.port(),
        "GET / HTTP/1.1\r\nHost: a\r\nx-forwarded-for: 1.2.3.4\r\n"
            + "Connection: X-Forwarded-For\r\n\r\n");
    assertThat(service.received()).isEmpty();
  }
}
