package io.meshclient.cli.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OutboundBodiesTest {
  private static final int LARGE = 10 << 20;

  @Test
  void piece_of_an_answer_arrives_before_the_next_is_sent() throws IOException {
    CountDownLatch firstSeen = new CountDownLatch(1);
    try (RawServer server =
            new RawServer(
                (request, out) -> {
                  out.write(Wire.bytes("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"));
                  out.write(Wire.bytes("c\r\ndata: one\n\n\n\r\n"));
                  out.flush();
                  assertThat(firstSeen.await(30, TimeUnit.SECONDS)).isTrue();
                  out.write(Wire.bytes("3\r\ntwo\r\n0\r\n\r\n"));
                });
        TestProxy proxy = TestProxy.before(server);
        RawClient client = new RawClient(proxy.port())) {
      client.send(TestProxy.request("GET", "/events"));

      assertThat(Wire.value(Wire.head(client.in()), "transfer-encoding")).isEqualTo("chunked");
      assertThat(Wire.chunk(client.in())).asString().isEqualTo("data: one\n\n\n");
      firstSeen.countDown();
      assertThat(Wire.chunk(client.in())).asString().isEqualTo("two");
      assertThat(Wire.chunk(client.in())).isEmpty();
    }
  }

  @Test
  void head_of_an_answer_does_not_wait_for_its_body() throws IOException {
    CountDownLatch headSeen = new CountDownLatch(1);
    try (RawServer server =
            new RawServer(
                (request, out) -> {
                  out.write(Wire.bytes("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"));
                  out.flush();
                  assertThat(headSeen.await(30, TimeUnit.SECONDS)).isTrue();
                  out.write(Wire.bytes("ok"));
                });
        TestProxy proxy = TestProxy.before(server);
        RawClient client = new RawClient(proxy.port())) {
      client.send(TestProxy.request("GET", "/"));

      List<String> head = Wire.head(client.in());
      headSeen.countDown();
      assertThat(Wire.body(client.in(), head)).asString().isEqualTo("ok");
    }
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "Content-Length: 9\r\n\r\nabc",
        "Content-Length: 9\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
        "Transfer-Encoding: chunked\r\n\r\n3\r\na"
      })
  void answer_that_breaks_off_breaks_off_for_the_client(String begun) throws IOException {
    try (RawServer server =
            new RawServer(
                (request, out) -> {
                  out.write(Wire.bytes("HTTP/1.1 200 OK\r\n" + begun));
                  throw new EOFException();
                });
        TestProxy proxy = TestProxy.before(server)) {
      for (String connection : List.of("keep-alive", "close")) {
        assertThatThrownBy(() -> proxy.get("/", "Connection: " + connection))
            .isInstanceOf(EOFException.class);
      }
    }
  }

  @Test
  void head_request_gets_the_length_and_no_body() throws IOException {
    try (RawServer server =
            new RawServer(
                (request, out) ->
                    out.write(Wire.bytes("HTTP/1.1 200 OK\r\nContent-Length: 77\r\n\r\n")));
        TestProxy proxy = TestProxy.before(server);
        RawClient client = new RawClient(proxy.port())) {
      for (int i = 0; i < 2; i++) {
        client.send(TestProxy.request("HEAD", "/"));
        assertThat(Wire.head(client.in())).containsExactly("HTTP/1.1 200 OK", "Content-Length: 77");
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"204 No Content", "304 Not Modified"})
  void answer_without_body_leaves_the_connection_usable(String status) throws IOException {
    try (RawServer server =
            new RawServer(
                (request, out) ->
                    out.write(Wire.bytes("HTTP/1.1 " + status + "\r\nETag: \"1\"\r\n\r\n")));
        TestProxy proxy = TestProxy.before(server);
        RawClient client = new RawClient(proxy.port())) {
      for (int i = 0; i < 2; i++) {
        client.send(TestProxy.request("GET", "/"));
        assertThat(Wire.head(client.in())).containsExactly("HTTP/1.1 " + status, "ETag: \"1\"");
      }
    }
  }

  @ParameterizedTest(name = "chunked {0}")
  @ValueSource(booleans = {false, true})
  void large_request_body_passes(boolean chunked) throws IOException {
    byte[] body = new byte[LARGE];
    new Random(1).nextBytes(body);
    try (RawServer server = RawServer.saying("thanks");
        TestProxy proxy = TestProxy.patient(server);
        RawClient client = new RawClient(proxy.port())) {
      if (chunked) {
        client.send(TestProxy.request("POST", "/", "Transfer-Encoding: chunked"));
        client.send(Integer.toHexString(LARGE) + "\r\n").send(body).send("\r\n0\r\n\r\n");
      } else {
        client.send(TestProxy.request("POST", "/", "Content-Length: " + LARGE)).send(body);
      }

      assertThat(client.answer().body()).isEqualTo("thanks");
      assertThat(server.received().get(0).body()).isEqualTo(body);
    }
  }

  @Test
  void large_answer_passes() throws IOException {
    String body = "0123456789abcdef".repeat(LARGE / 16);
    try (RawServer server = RawServer.saying(body);
        TestProxy proxy = TestProxy.patient(server)) {
      assertThat(proxy.get("/").body()).isEqualTo(body);
    }
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "Content-Length: 5\r\n\r\nhello",
        "Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n"
      })
  void retried_request_has_its_body_again(String framed) throws IOException {
    AtomicInteger tries = new AtomicInteger();
    String failure = "HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n";
    try (RawServer server =
            new RawServer(
                (request, out) ->
                    out.write(
                        Wire.bytes(tries.incrementAndGet() < 3 ? failure : RawServer.ok("done"))));
        TestProxy proxy = TestProxy.before(server)) {
      RawClient.Answer answer =
          RawClient.exchange(
              proxy.port(),
              "POST http://order-service:8080/ HTTP/1.1\r\nHost: order-service:8080\r\n" + framed);

      assertThat(answer.body()).isEqualTo("done");
      assertThat(server.received()).hasSize(3);
      assertThat(server.received())
          .allSatisfy(request -> assertThat(request.body()).asString().isEqualTo("hello"));
    }
  }

  @Test
  void body_too_large_to_keep_is_not_retried() throws IOException {
    byte[] body = new byte[(1 << 20) + 1];
    try (RawServer server =
            new RawServer(
                (request, out) ->
                    out.write(Wire.bytes("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n")));
        TestProxy proxy = TestProxy.before(server);
        RawClient client = new RawClient(proxy.port())) {
      client.send(TestProxy.request("POST", "/", "Content-Length: " + body.length)).send(body);

      assertThat(client.answer().status()).isEqualTo(503);
      assertThat(server.received()).hasSize(1);
    }
  }

  @Test
  void expected_100_continue_is_sent_by_the_proxy() throws IOException {
    try (RawServer server = RawServer.saying("ok");
        TestProxy proxy = TestProxy.before(server);
        RawClient client = new RawClient(proxy.port())) {
      client.send(TestProxy.request("PUT", "/", "Content-Length: 3", "Expect: 100-continue"));

      assertThat(Wire.head(client.in())).containsExactly("HTTP/1.1 100 Continue");
      assertThat(client.send("abc").answer().body()).isEqualTo("ok");
      assertThat(server.received().get(0).body()).asString().isEqualTo("abc");
      assertThat(server.received().get(0).value("expect")).isEmpty();
    }
  }
}
