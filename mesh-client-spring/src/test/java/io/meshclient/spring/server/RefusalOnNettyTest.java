package io.meshclient.spring.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.resilience.RateLimit;
import io.meshclient.server.ServerPipeline;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** What is answered in the handler's place, on a real connection. */
class RefusalOnNettyTest {
  private static final int MOST_MILLIS = 20_000;

  private final HttpHandler handler =
      WebHttpHandlerBuilder.webHandler(
              exchange ->
                  Mono.<Void>fromRunnable(() -> exchange.getResponse().setStatusCode(HttpStatus.OK))
                      .subscribeOn(Schedulers.parallel()))
          .filter(
              new MeshWebFilter(
                  ServerPipeline.builder()
                      .rateLimit("/limited", RateLimit.of(1, Duration.ofHours(1)))
                      .build(),
                  0))
          .build();

  /** Reactor Netty stops reading where a request that waited for its turn is answered at once. */
  @Test
  void connection_goes_on_after_a_refusal_that_waited_for_its_turn() throws IOException {
    DisposableServer server =
        HttpServer.create()
            .host("127.0.0.1")
            .port(0)
            .handle(new ReactorHttpHandlerAdapter(handler))
            .bindNow();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(MOST_MILLIS);
      ask(socket, "/limited");
      assertThat(status(socket)).contains(" 200 ");
      ask(socket, "/open", "/limited");
      assertThat(status(socket)).contains(" 200 ");
      assertThat(status(socket)).contains(" 429 ");
      ask(socket, "/open");
      assertThat(status(socket)).contains(" 200 ");
    } finally {
      server.disposeNow();
    }
  }

  /** In one packet, so that the server reads one while the one before it is under way. */
  private static void ask(Socket socket, String... paths) throws IOException {
    StringBuilder requests = new StringBuilder();
    for (String path : paths) {
      requests.append("GET ").append(path).append(" HTTP/1.1\r\nHost: web\r\n\r\n");
    }
    socket.getOutputStream().write(requests.toString().getBytes(StandardCharsets.US_ASCII));
  }

  /** The status line of an answer, which is read to its end. */
  private static String status(Socket socket) throws IOException {
    String head = upTo(socket.getInputStream(), "\r\n\r\n");
    int length = head.indexOf("content-length: ");
    if (length >= 0) {
      int end = head.indexOf('\r', length);
      int bytes = Integer.parseInt(head.substring(length + "content-length: ".length(), end));
      socket.getInputStream().readNBytes(bytes);
    }
    return head.substring(0, head.indexOf('\r'));
  }

  private static String upTo(InputStream in, String end) throws IOException {
    StringBuilder text = new StringBuilder();
    while (text.indexOf(end) < 0) {
      int next = in.read();
      assertThat(next).as("the connection's end after: %s", text).isNotNegative();
      text.append((char) next);
    }
    return text.toString().replace("Content-Length", "content-length");
  }
}
