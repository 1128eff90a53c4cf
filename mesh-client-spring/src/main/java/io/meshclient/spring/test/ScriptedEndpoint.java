package io.meshclient.spring.test;

import static java.util.Objects.requireNonNull;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * An instance of a service: a real HTTP server on the loopback address, which answers by its
 * script: one answer after the other, and the last one for good. Without a script it answers 200
 * with the service and the version.
 *
 * <p>Safe from any thread.
 */
public final class ScriptedEndpoint {

  /** What came in; names of headers are in lower case. */
  public record Received(String method, String path, Map<String, List<String>> headers) {

    /** The first value of a header; {@code null} if there is none. */
    public @Nullable String header(String name) {
      List<String> values = headers.get(name.toLowerCase(Locale.ROOT));
      return values == null ? null : values.get(0);
    }
  }

  private record Answer(int status, String body, Duration delay) {}

  private final Answer byDefault;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Deque<Answer> script = new ArrayDeque<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final List<Received> received = new CopyOnWriteArrayList<>();

  ScriptedEndpoint(String name) {
    this.byDefault = new Answer(200, name, Duration.ZERO);
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException("loopback: no port", e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /** Next it answers so. */
  public ScriptedEndpoint answers(int status, String body) {
    return answers(status, body, Duration.ZERO);
  }

  /** Next it answers so, after that time. */
  public ScriptedEndpoint answers(int status, String body, Duration delay) {
    Answer answer =
        new Answer(status, requireNonNull(body, "body"), requireNonNull(delay, "delay"));
    lock.lock();
    try {
      script.addLast(answer);
    } finally {
      lock.unlock();
    }
    return this;
  }

  /** All that came in since the test began, in order. */
  public List<Received> received() {
    return List.copyOf(received);
  }

  /** {@code host:port}. */
  public String address() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  void reset() {
    lock.lock();
    try {
      script.clear();
    } finally {
      lock.unlock();
    }
    received.clear();
  }

  void stop() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Map<String, List<String>> headers = new HashMap<>();
      exchange
          .getRequestHeaders()
          .forEach(
              (name, values) -> headers.put(name.toLowerCase(Locale.ROOT), List.copyOf(values)));
      received.add(
          new Received(exchange.getRequestMethod(), exchange.getRequestURI().toString(), headers));
      exchange.getRequestBody().readAllBytes();
      Answer answer = next();
      if (!answer.delay().isZero()) {
        LockSupport.parkNanos(answer.delay().toNanos());
      }
      byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private Answer next() {
    lock.lock();
    try {
      if (script.isEmpty()) {
        return byDefault;
      }
      return script.size() == 1 ? script.getFirst() : script.removeFirst();
    } finally {
      lock.unlock();
    }
  }
}
