package io.meshclient.acceptance.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BackendsTest {

  private static final InetSocketAddress ORDER_V1_A = new InetSocketAddress("127.1.0.1", 8080);
  private static final InetSocketAddress ORDER_V2_A = new InetSocketAddress("127.1.0.3", 8080);

  private Backends backends;

  @BeforeEach
  void start() throws IOException {
    backends = Backends.start();
  }

  @AfterEach
  void stop() throws IOException {
    backends.close();
  }

  @Test
  void request_isAnsweredByItsPodAndKept() throws IOException {
    String answer = call(ORDER_V1_A, "POST /a?b=c", "X-Case: Kept", "Content-Length: 3", "", "abc");

    assertThat(answer)
        .startsWith("HTTP/1.1 200 ")
        .contains("x-pod: order-v1-a\r\n", "x-upstream: real\r\n")
        .endsWith("\r\n\r\n{\"method\":\"POST\",\"path\":\"/a?b=c\",\"pod\":\"order-v1-a\"}");
    Received received = backends.take("1").get(0);
    assertThat(received.pod().group()).isEqualTo("order-service v1");
    assertThat(received.target()).isEqualTo("/a?b=c");
    assertThat(received.headers()).contains(new Header("X-Case", "Kept"));
    assertThat(received.bodyLength()).isEqualTo(3);
    assertThat(backends.take("1")).isEmpty();
  }

  @Test
  void chunkedBody_isReadToItsEnd() throws IOException {
    call(
        ORDER_V1_A,
        "PUT /",
        "Transfer-Encoding: chunked",
        "",
        "3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n");

    assertThat(backends.take("1")).extracting(Received::bodyLength).containsExactly(13);
  }

  @Test
  void script_countsTheTriesOfAllPods() throws IOException {
    String script = "x-test-script: 503+x-more=a,200";

    assertThat(call(ORDER_V1_A, "GET /", script))
        .startsWith("HTTP/1.1 503 ")
        .contains("x-more: a\r\n");
    assertThat(call(ORDER_V2_A, "GET /", script)).startsWith("HTTP/1.1 200 ");
    assertThat(backends.take("1"))
        .extracting(received -> received.pod().name())
        .containsExactly("order-v1-a", "order-v2-a");
  }

  @Test
  void podWithItsOwnScript_countsItsOwnTries() throws IOException {
    String pods = "x-test-pods: {\"order-v1-a\": \"500,409\"}";
    String script = "x-test-script: 201,202";

    assertThat(call(ORDER_V2_A, "GET /", pods, script)).startsWith("HTTP/1.1 201 ");
    assertThat(call(ORDER_V1_A, "GET /", pods, script)).startsWith("HTTP/1.1 500 ");
    assertThat(call(ORDER_V2_A, "GET /", pods, script)).startsWith("HTTP/1.1 202 ");
    assertThat(call(ORDER_V1_A, "GET /", pods, script)).startsWith("HTTP/1.1 409 ");
  }

  @Test
  void reset_closesBeforeAnyAnswer_andIsKept() throws IOException {
    assertThat(call(ORDER_V1_A, "GET /", "x-test-script: reset")).isEmpty();
    assertThat(backends.take("1")).hasSize(1);
  }

  @Test
  void cut_closesWithinTheBody() throws IOException {
    String answer = call(ORDER_V1_A, "GET /", "x-test-script: cut");

    int length = Integer.parseInt(answer.replaceAll("(?s).*Content-Length: ([0-9]+).*", "$1"));
    String body = answer.substring(answer.indexOf("\r\n\r\n") + 4);
    assertThat(body).isNotEmpty().hasSizeLessThan(length);
  }

  @Test
  void noContent_hasNoBody() throws IOException {
    assertThat(call(ORDER_V1_A, "GET /", "x-test-script: 204"))
        .startsWith("HTTP/1.1 204 ")
        .endsWith("\r\n\r\n")
        .doesNotContain("Content-Length");
  }

  @Test
  void connection_isKeptForTheNextRequest() throws IOException {
    try (Socket socket = connected(ORDER_V1_A)) {
      for (String close : List.of("keep-alive", "keep-alive", "close")) {
        String request = "HEAD / HTTP/1.1\r\nx-test-id: 1\r\nConnection: " + close + "\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      }

      String answers = read(socket);

      assertThat(answers.split("HTTP/1.1 200 ", -1)).hasSize(4);
      assertThat(backends.take("1")).hasSize(3);
    }
  }

  @Test
  void secondPort_isAPodOfItsOwn() throws IOException {
    assertThat(call(new InetSocketAddress("127.1.2.1", 9090), "GET /"))
        .contains("x-pod: inventory-a:admin\r\n");
    assertThat(backends.take("1"))
        .extracting(received -> received.pod().group())
        .containsExactly("inventory v1:admin");
  }

  @Test
  void otherAddresses_areRefused() {
    for (String address : List.of("127.1.9.1", "127.1.6.9", "127.0.0.1", "192.0.2.1")) {
      assertThatThrownBy(() -> connected(new InetSocketAddress(address, 8080)))
          .isInstanceOf(ConnectException.class);
    }
  }

  private String call(InetSocketAddress pod, String start, String... lines) throws IOException {
    String head = start + " HTTP/1.1\r\nx-test-id: 1\r\nConnection: close\r\n";
    List<String> all = List.of(lines);
    boolean hasBody = all.contains("");
    String request = head + String.join("\r\n", all) + (hasBody ? "" : "\r\n\r\n");
    try (Socket socket = connected(pod)) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return read(socket);
    }
  }

  private Socket connected(InetSocketAddress address) throws IOException {
    Socket socket = backends.socketFactory().createSocket();
    socket.connect(address, 1000);
    socket.setSoTimeout(5000);
    return socket;
  }

  private static String read(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
  }
}
