package io.meshclient.acceptance.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.acceptance.backend.Header;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ProxyCallTest {

  private ServerSocket server;

  @BeforeEach
  void start() throws IOException {
    server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  @Test
  void request_isWrittenAsItIsGiven() throws Exception {
    FutureTask<String> got = answering("HTTP/1.1 204 No Content\r\n\r\n", "abc");

    Answer answer =
        send(
            "POST",
            "abc",
            new Header("Host", "H:8080"),
            new Header("A", "1"),
            new Header("A", "2"));

    assertThat(got.get())
        .isEqualTo(
            "POST http://h:8080/x/../{y}?z HTTP/1.1\r\n"
                + "Host: H:8080\r\nA: 1\r\nA: 2\r\nContent-Length: 3\r\n\r\nabc");
    assertThat(answer).isEqualTo(Answer.of(204, List.of(), ""));
  }

  @Test
  void answer_isReadByItsLength_afterAnInterimOne() {
    answering(
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokmore", "");

    assertThat(send("GET", null).body()).isEqualTo("ok");
  }

  @Test
  void answer_isReadByItsChunks() {
    answering(
        "HTTP/1.1 200 OK\r\nX-A: 1\r\nX-A: 2\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "3\r\nabc\r\n1;x\r\nd\r\n0\r\n\r\n",
        "");

    Answer answer = send("GET", null);

    assertThat(answer.body()).isEqualTo("abcd");
    assertThat(answer.headers()).startsWith(new Header("X-A", "1"), new Header("X-A", "2"));
  }

  @Test
  void answerThatBreaksOffWithinItsBody_isAnIncompleteRead() {
    answering("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab", "");
    assertThat(send("GET", null).status()).isEqualTo("IncompleteRead");

    answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n", "");
    assertThat(send("GET", null).status()).isEqualTo("IncompleteRead");
  }

  @Test
  void connectionThatEndsWithoutAnswer_isAnError() {
    answering("", "");

    assertThat(send("GET", null).status()).isEqualTo("error: EOFException");
  }

  private Answer send(String method, String body, Header... headers) {
    byte[] bytes = body == null ? null : body.getBytes(StandardCharsets.UTF_8);
    Outgoing request =
        new Outgoing(
            method, "http://h:8080/x/../{y}?z", List.of(headers), bytes, Duration.ofSeconds(10));
    return ProxyCall.send((InetSocketAddress) server.getLocalSocketAddress(), request);
  }

  /** Reads one request up to this body, says so much, and closes the connection. */
  private FutureTask<String> answering(String answer, String body) {
    FutureTask<String> request =
        new FutureTask<>(
            () -> {
              try (Socket socket = server.accept()) {
                String got = readTo(socket, "\r\n\r\n" + body);
                socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
                return got;
              }
            });
    Thread thread = new Thread(request, "answering");
    thread.setDaemon(true);
    thread.start();
    return request;
  }

  private static String readTo(Socket socket, String end) throws IOException {
    ByteArrayOutputStream got = new ByteArrayOutputStream();
    for (int b = socket.getInputStream().read(); b >= 0; b = socket.getInputStream().read()) {
      got.write(b);
      if (got.toString(StandardCharsets.ISO_8859_1).endsWith(end)) {
        return got.toString(StandardCharsets.ISO_8859_1);
      }
    }
    throw new EOFException("after \"" + got + "\"");
  }
}
