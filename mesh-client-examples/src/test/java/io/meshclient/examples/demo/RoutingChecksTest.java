package io.meshclient.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a web that answers as a test says: does the demo notice what is wrong? */
class RoutingChecksTest {
  private static final int CANARY = 0;
  private static final int SPLIT = 2;

  private final AtomicInteger requests = new AtomicInteger();
  private volatile int status = 200;
  private volatile String rule = "http[0]";
  private volatile int v2Percent = 100;
  private HttpServer web;

  @BeforeEach
  void listen() throws IOException {
    web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    web.createContext("/checkout", this::answer);
    web.start();
  }

  @AfterEach
  void stop() {
    web.stop(0);
  }

  @Test
  void allOnV2_holds() throws Exception {
    assertThat(run(CANARY))
        .isEqualTo(new Check.Result(true, "v2: 10", List.of("orders.yaml:1 http[0] some header")));
  }

  @Test
  void oneOnV1_doesNot() throws Exception {
    v2Percent = 90;
    Check.Result result = run(CANARY);
    assertThat(result.ok()).isFalse();
    assertThat(result.observed()).isEqualTo("v1: 1, v2: 9");
  }

  @Test
  void otherRule_doesNotHold() throws Exception {
    rule = "http[10]";
    assertThat(run(CANARY).ok()).isFalse();
  }

  @Test
  void failedRequests_doNotHold() throws Exception {
    status = 502;
    Check.Result result = run(CANARY);
    assertThat(result.ok()).isFalse();
    assertThat(result.observed()).endsWith("failed: 10");
  }

  @Test
  void weights_holdWithinTheTolerance() throws Exception {
    rule = "http[2]";
    v2Percent = 10;
    assertThat(run(SPLIT).ok()).isTrue();
    v2Percent = 50;
    assertThat(run(SPLIT).ok()).isFalse();
    v2Percent = 0;
    assertThat(run(SPLIT).ok()).as("none of 100 can be chance").isTrue();
  }

  @Test
  void noJson_isAnError() {
    web.removeContext("/checkout");
    assertThatThrownBy(() -> run(CANARY))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("expected: JSON");
  }

  @Test
  void row_isReadableWithoutATerminal() throws Exception {
    assertThat(printed(false))
        .isEqualTo(
            "  10 canary, of any user or none        all on v2, by http[0]                 "
                + "v2: 10                                        library ok\n"
                + "      orders.yaml:1 http[0] some header\n");
    assertThat(printed(true)).contains("\r").contains("1 sent").endsWith("some header\n");
  }

  private Check check(int index) {
    Front front = new Front("http://127.0.0.1:" + web.getAddress().getPort());
    return new RoutingChecks(front, 100).all().get(index);
  }

  private Check.Result run(int index) throws Exception {
    return check(index).step().run(done -> {});
  }

  private String printed(boolean terminal) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    Table table = new Table(out, terminal, false);
    Check check = check(CANARY);
    table.begin(check);
    table.end(check, check.step().run(table.progress(check)));
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private void answer(HttpExchange exchange) throws IOException {
    int turn = requests.getAndIncrement() % 100;
    String version = turn * 7 % 10 < v2Percent / 10 ? "v2" : "v1";
    String json =
        "{\"order\":{\"status\":200,\"pod\":\"p\",\"answer\":{\"version\":\""
            + version
            + "\"},\"rule\":\"orders.yaml:1 "
            + rule
            + "\",\"condition\":\"some header\",\"attempts\":[]}}";
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }
}
