package io.meshclient.cli.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OutboundConnectionsTest {
  private static final int MANY = 500;

  @Test
  void many_slow_requests_are_under_way_at_once() throws IOException {
    CountDownLatch all = new CountDownLatch(MANY);
    try (RawServer server =
            new RawServer(
                (request, out) -> {
                  all.countDown();
                  assertThat(all.await(60, TimeUnit.SECONDS)).isTrue();
                  out.write(Wire.bytes(RawServer.ok("done")));
                });
        TestProxy proxy = TestProxy.patient(server)) {
      List<RawClient> clients = new ArrayList<>();
      try {
        for (int i = 0; i < MANY; i++) {
          RawClient client = new RawClient(proxy.port());
          clients.add(client);
          client.send(TestProxy.request("GET", "/"));
        }
        for (RawClient client : clients) {
          assertThat(client.answer().body()).isEqualTo("done");
        }
      } finally {
        for (RawClient client : clients) {
          client.close();
        }
      }
    }
  }

  @Test
  void connection_is_used_again_and_again() throws IOException {
    try (RawServer server = RawServer.saying("ok");
        TestProxy proxy = TestProxy.before(server);
        RawClient client = new RawClient(proxy.port())) {
      for (int i = 0; i < 300; i++) {
        client.send(TestProxy.request("POST", "/" + i, "Content-Length: 1") + "x");
        assertThat(client.answer().body()).isEqualTo("ok");
      }
      assertThat(server.received()).hasSize(300);
    }
  }

  @Test
  void request_sent_before_the_answer_is_handled_next() throws Exception {
    CountDownLatch firstCame = new CountDownLatch(1);
    CountDownLatch secondSent = new CountDownLatch(1);
    try (RawServer server =
            new RawServer(
                (request, out) -> {
                  firstCame.countDown();
                  assertThat(secondSent.await(30, TimeUnit.SECONDS)).isTrue();
                  out.write(Wire.bytes(RawServer.ok(request.line())));
                });
        TestProxy proxy = TestProxy.patient(server);
        RawClient client = new RawClient(proxy.port())) {
      client.send(TestProxy.request("GET", "/1"));
      assertThat(firstCame.await(30, TimeUnit.SECONDS)).isTrue();
      client.send(TestProxy.request("GET", "/2") + TestProxy.request("GET", "/3"));
      secondSent.countDown();

      assertThat(client.answer().body()).isEqualTo("GET /1 HTTP/1.1");
      assertThat(client.answer().body()).isEqualTo("GET /2 HTTP/1.1");
      assertThat(client.answer().body()).isEqualTo("GET /3 HTTP/1.1");
    }
  }

  @ParameterizedTest(name = "body of {0} bytes")
  @ValueSource(ints = {0, 10, 2 << 20})
  void client_that_goes_away_cancels_its_call(int length) throws Exception {
    CountDownLatch came = new CountDownLatch(1);
    CountDownLatch cancelled = new CountDownLatch(1);
    try (RawServer server =
            new RawServer(
                (request, out) -> {
                  came.countDown();
                  if (request.in().read() < 0) {
                    cancelled.countDown();
                  }
                });
        TestProxy proxy = TestProxy.patient(server)) {
      try (RawClient client = new RawClient(proxy.port())) {
        client.send(TestProxy.request("POST", "/", "Content-Length: " + length));
        client.send(new byte[length]);
        assertThat(came.await(30, TimeUnit.SECONDS)).isTrue();
      }

      assertThat(cancelled.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(server.received()).hasSize(1);
    }
  }

  @Test
  void client_that_breaks_off_its_body_cancels_its_call() throws Exception {
    try (RawServer server = RawServer.saying("never");
        TestProxy proxy = TestProxy.before(server)) {
      try (RawClient client = new RawClient(proxy.port())) {
        client.send(TestProxy.request("POST", "/", "Content-Length: 3000000") + "begun");
      }

      assertThat(proxy.get("/", "x-canary: true").status()).isEqualTo(503);
      assertThat(server.received()).isEmpty();
    }
  }

  @Test
  void call_that_fails_is_answered_502_with_the_reason() throws IOException {
    try (RefusingPort closed = new RefusingPort();
        RawServer server = RawServer.saying("");
        TestProxy proxy = TestProxy.before(server)) {
      String authority = "127.0.0.1:" + closed.port();
      RawClient.Answer answer =
          RawClient.exchange(
              proxy.port(),
              RawClient.head("GET http://" + authority + "/ HTTP/1.1", "Host: " + authority));

      assertThat(answer.status()).isEqualTo(502);
      assertThat(answer.value("content-type")).isEqualTo("text/plain;charset=utf-8");
      assertThat(answer.body()).startsWith("ConnectException: Failed to connect to /" + authority);
    }
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "CONNECT order-service:443 HTTP/1.1",
        "OPTIONS * HTTP/1.1",
        "GET ftp://order-service/ HTTP/1.1",
      })
  void request_that_is_none_of_ours_is_answered_501_with_words(String line) throws IOException {
    try (RawServer server = RawServer.saying("");
        TestProxy proxy = TestProxy.before(server)) {
      RawClient.Answer answer =
          RawClient.exchange(proxy.port(), RawClient.head(line, "Host: order-service:443"));

      assertThat(answer.status()).isEqualTo(501);
      assertThat(answer.value("content-type")).startsWith("text/plain");
      assertThat(answer.body()).isNotBlank();
      assertThat(server.received()).isEmpty();
    }
  }

  @Test
  void request_for_the_proxy_itself_is_answered_400_and_goes_round_no_further() throws IOException {
    try (RawServer server = RawServer.saying("");
        TestProxy proxy = TestProxy.before(server)) {
      String authority = "127.0.0.1:" + proxy.port();
      RawClient.Answer answer =
          RawClient.exchange(proxy.port(), RawClient.head("GET / HTTP/1.1", "Host: " + authority));
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.body()).contains("is this proxy itself");
    }
  }

  @Test
  void request_that_is_no_http_is_answered_400_with_words() throws IOException {
    try (RawServer server = RawServer.saying("");
        TestProxy proxy = TestProxy.before(server)) {
      RawClient.Answer answer =
          RawClient.exchange(proxy.port(), RawClient.head("GET / x HTTP/1.1", "Host: a"));

      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.value("content-type")).startsWith("text/plain");
    }
  }
}
