package io.meshclient.identity;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;

/** A bundle endpoint on the loopback address, which answers as a test says. */
final class BundleServer implements AutoCloseable {

  /** What becomes of a request. */
  interface Answer {
    void to(HttpExchange exchange) throws IOException;
  }

  private final HttpsServer server;
  private final int port;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile Answer answer = exchange -> exchange.sendResponseHeaders(404, -1);

  BundleServer(SSLContext context) throws IOException {
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            answer.to(exchange);
          }
        });
    server.start();
    port = server.getAddress().getPort();
  }

  URI uri(String path) {
    return URI.create("https://localhost:" + port + path);
  }

  void answer(Answer next) {
    answer = next;
  }

  void answer(TrustBundle bundle) {
    answer(200, bundle.toJwks().getBytes(StandardCharsets.UTF_8));
  }

  void answer(int status, byte[] body) {
    answer = exchange -> send(exchange, status, body);
  }

  static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  /** Begins an answer and never ends it; counts down when it has begun. */
  void answerWithoutEnd(CountDownLatch begun) {
    answer =
        exchange -> {
          exchange.sendResponseHeaders(200, 1000);
          exchange.getResponseBody().write('{');
          exchange.getResponseBody().flush();
          begun.countDown();
          await();
        };
  }

  private void await() throws IOException {
    try {
      closed.await(60, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
