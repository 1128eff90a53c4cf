package io.meshclient;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** A real HTTP server on loopback that keeps what it was asked. */
final class TestServer implements AutoCloseable {

  /** What a request asked, as its server saw it, and the client's port: its connection. */
  record Seen(
      String method,
      String uri,
      String host,
      com.sun.net.httpserver.Headers headers,
      String body,
      int clientPort) {}

  /** An answer. */
  record Answer(int status, String body, String... headers) {
    static Answer ok(String body) {
      return new Answer(200, body);
    }
  }

  /** A header of an answer that breaks off within its body. */
  static final String CUT = "x-cut";

  final List<Seen> seen = new CopyOnWriteArrayList<>();
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  TestServer(Function<Seen, Answer> handler) {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", exchange -> handle(exchange, handler));
    server.start();
  }

  private void handle(HttpExchange exchange, Function<Seen, Answer> handler) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    Seen request =
        new Seen(
            exchange.getRequestMethod(),
            exchange.getRequestURI().toString(),
            exchange.getRequestHeaders().getFirst("Host"),
            exchange.getRequestHeaders(),
            body,
            exchange.getRemoteAddress().getPort());
    seen.add(request);
    Answer answer = handler.apply(request);
    for (int i = 0; i + 1 < answer.headers.length; i += 2) {
      exchange.getResponseHeaders().add(answer.headers[i], answer.headers[i + 1]);
    }
    byte[] bytes = answer.body.getBytes(StandardCharsets.UTF_8);
    boolean cut = exchange.getResponseHeaders().containsKey(CUT);
    exchange.sendResponseHeaders(
        answer.status, bytes.length == 0 ? -1 : cut ? bytes.length + 1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.getResponseBody().flush();
    exchange.close();
  }

  int port() {
    return server.getAddress().getPort();
  }

  String hostPort() {
    return "localhost:" + port();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
