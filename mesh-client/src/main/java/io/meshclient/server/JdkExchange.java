package io.meshclient.server;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsExchange;
import io.meshclient.context.HeaderSource;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** An exchange of the JDK's {@code HttpServer}. */
final class JdkExchange implements ServerExchange, HeaderSource {
  private static final long NO_BODY = -1;

  private final HttpExchange exchange;
  private @Nullable BodyBytes bytes;

  JdkExchange(HttpExchange exchange) {
    this.exchange = exchange;
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
  public String target() {
    URI uri = exchange.getRequestURI();
    if (!uri.isAbsolute()) {
      return uri.toString(); // two slashes at its beginning would be taken for a host
    }
    String query = uri.getRawQuery();
    return query == null ? uri.getRawPath() : uri.getRawPath() + "?" + query;
  }

  @Override
  public String authority() {
    return String.join(",", values("host"));
  }

  @Override
  public InetSocketAddress remote() {
    return exchange.getRemoteAddress();
  }

  @Override
  public InetSocketAddress local() {
    return exchange.getLocalAddress();
  }

  @Override
  public boolean secured() {
    return exchange instanceof HttpsExchange;
  }

  @Override
  public @Nullable SSLSession session() {
    return exchange instanceof HttpsExchange secured ? secured.getSSLSession() : null;
  }

  @Override
  public boolean hasAnswerHeader(String name) {
    return exchange.getResponseHeaders().containsKey(name);
  }

  @Override
  public @Nullable String answerHeader(String name) {
    return exchange.getResponseHeaders().getFirst(name);
  }

  @Override
  public String protocol() {
    return exchange.getProtocol();
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

  @Override
  public void cut() {
    exchange.close();
  }

  @Override
  public void endConnection() {
    setAnswerHeader("Connection", "close");
  }

  @Override
  public int status() {
    return Math.max(0, exchange.getResponseCode());
  }

  @Override
  public void countBodies() {
    bytes = new BodyBytes();
    CountedStreams.putInto(exchange, bytes);
  }

  @Override
  public long requestBytes() {
    return bytes == null ? -1 : bytes.read();
  }

  @Override
  public long responseBytes() {
    return bytes == null ? -1 : bytes.written();
  }
}
