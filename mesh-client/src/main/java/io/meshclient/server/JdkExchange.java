package io.meshclient.server;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import io.meshclient.context.HeaderSource;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** An exchange of the JDK's {@code HttpServer}. */
final class JdkExchange implements Exchange, HeaderSource {
  private static final long NO_BODY = -1;

  private final HttpExchange exchange;
  private final String path;

  JdkExchange(HttpExchange exchange) {
    this.exchange = exchange;
    this.path = Paths.of(exchange.getRequestURI());
  }

  @Override
  public HeaderSource headers() {
    return this;
  }

  @Override
  public Iterable<String> names() {
    return exchange.getRequestHeaders().keySet();
  }

  @Override
  public List<String> values(String name) {
    List<String> values = exchange.getRequestHeaders().get(name);
    return values == null ? List.of() : values;
  }

  @Override
  public String method() {
    return exchange.getRequestMethod();
  }

  @Override
  public String rawPath() {
    URI uri = exchange.getRequestURI();
    if (!uri.isAbsolute()) {
      return uri.toString(); // two slashes at its beginning would be taken for a host
    }
    String query = uri.getRawQuery();
    return query == null ? uri.getRawPath() : uri.getRawPath() + "?" + query;
  }

  @Override
  public String path() {
    return path;
  }

  @Override
  public int localPort() {
    return exchange.getLocalAddress().getPort();
  }

  @Override
  public String remoteAddress() {
    return exchange.getRemoteAddress().getAddress().getHostAddress();
  }

  @Override
  public boolean hasAnswerHeader(String name) {
    return exchange.getResponseHeaders().containsKey(name);
  }

  @Override
  public void addAnswerHeader(String name, String value) {
    exchange.getResponseHeaders().add(name, value);
  }

  @Override
  public void setAnswerHeader(String name, String value) {
    exchange.getResponseHeaders().set(name, value);
  }

  @Override
  public void answer(int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    Headers headers = exchange.getResponseHeaders();
    // Closing reads what is left of the request's body, within bounds, so that the connection
    // can be used again.
    try (exchange) {
      if (exchange.getRequestMethod().equals("HEAD")) {
        headers.set("Content-Length", Integer.toString(bytes.length));
        exchange.sendResponseHeaders(status, NO_BODY);
        return;
      }
      exchange.sendResponseHeaders(status, bytes.length == 0 ? NO_BODY : bytes.length);
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(bytes);
      }
    }
  }
}
