package io.meshclient.server;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpPrincipal;
import com.sun.net.httpserver.HttpsExchange;
import io.meshclient.access.HeaderLine;
import io.meshclient.access.RequestChanges;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * An exchange whose request reads otherwise than it was sent; all else is the other one's. The
 * JDK's own does not let its request be changed.
 */
final class ChangedExchange {

  private ChangedExchange() {}

  /**
   * The exchange with these changes; the same one where there are none.
   *
   * @throws IOException if the target is no URI: it has been answered then
   */
  static HttpExchange of(HttpExchange exchange, RequestChanges changes) throws IOException {
    if (changes.isNone()) {
      return exchange;
    }
    URI uri = exchange.getRequestURI();
    if (changes.target() != null) {
      try {
        uri = new URI(changes.target());
      } catch (URISyntaxException e) {
        new JdkExchange(exchange).answer(400, "");
        throw new IOException("target: no URI: " + e.getReason(), e);
      }
    }
    Headers headers = new Headers();
    exchange.getRequestHeaders().forEach((name, lines) -> lines.forEach(l -> headers.add(name, l)));
    changes.removed().forEach(headers::remove);
    for (HeaderLine line : changes.added()) {
      headers.add(line.name(), line.value());
    }
    return exchange instanceof HttpsExchange secured
        ? new Secured(secured, uri, headers)
        : new Plain(exchange, uri, headers);
  }

  private static final class Plain extends HttpExchange {
    private final HttpExchange exchange;
    private final URI uri;
    private final Headers headers;

    Plain(HttpExchange exchange, URI uri, Headers headers) {
      this.exchange = exchange;
      this.uri = uri;
      this.headers = headers;
    }

    @Override
    public URI getRequestURI() {
      return uri;
    }

    @Override
    public Headers getRequestHeaders() {
      return headers;
    }

    @Override
    public Headers getResponseHeaders() {
      return exchange.getResponseHeaders();
    }

    @Override
    public HttpContext getHttpContext() {
      return exchange.getHttpContext();
    }

    @Override
    public void close() {
      exchange.close();
    }

    @Override
    public String getRequestMethod() {
      return exchange.getRequestMethod();
    }

    @Override
    public InputStream getRequestBody() {
      return exchange.getRequestBody();
    }

    @Override
    public OutputStream getResponseBody() {
      return exchange.getResponseBody();
    }

    @Override
    public InetSocketAddress getRemoteAddress() {
      return exchange.getRemoteAddress();
    }

    @Override
    public int getResponseCode() {
      return exchange.getResponseCode();
    }

    @Override
    public InetSocketAddress getLocalAddress() {
      return exchange.getLocalAddress();
    }

    @Override
    public String getProtocol() {
      return exchange.getProtocol();
    }

    @Override
    public HttpPrincipal getPrincipal() {
      return exchange.getPrincipal();
    }

    @Override
    public void sendResponseHeaders(int status, long length) throws IOException {
      exchange.sendResponseHeaders(status, length);
    }

    @Override
    public Object getAttribute(String name) {
      return exchange.getAttribute(name);
    }

    @Override
    public void setAttribute(String name, Object value) {
      exchange.setAttribute(name, value);
    }

    @Override
    public void setStreams(@Nullable InputStream in, @Nullable OutputStream out) {
      exchange.setStreams(in, out);
    }
  }

  private static final class Secured extends HttpsExchange {
    private final HttpsExchange exchange;
    private final URI uri;
    private final Headers headers;

    Secured(HttpsExchange exchange, URI uri, Headers headers) {
      this.exchange = exchange;
      this.uri = uri;
      this.headers = headers;
    }

    @Override
    public URI getRequestURI() {
      return uri;
    }

    @Override
    public Headers getRequestHeaders() {
      return headers;
    }

    @Override
    public Headers getResponseHeaders() {
      return exchange.getResponseHeaders();
    }

    @Override
    public HttpContext getHttpContext() {
      return exchange.getHttpContext();
    }

    @Override
    public void close() {
      exchange.close();
    }

    @Override
    public String getRequestMethod() {
      return exchange.getRequestMethod();
    }

    @Override
    public InputStream getRequestBody() {
      return exchange.getRequestBody();
    }

    @Override
    public OutputStream getResponseBody() {
      return exchange.getResponseBody();
    }

    @Override
    public InetSocketAddress getRemoteAddress() {
      return exchange.getRemoteAddress();
    }

    @Override
    public int getResponseCode() {
      return exchange.getResponseCode();
    }

    @Override
    public InetSocketAddress getLocalAddress() {
      return exchange.getLocalAddress();
    }

    @Override
    public String getProtocol() {
      return exchange.getProtocol();
    }

    @Override
    public HttpPrincipal getPrincipal() {
      return exchange.getPrincipal();
    }

    @Override
    public SSLSession getSSLSession() {
      return exchange.getSSLSession();
    }

    @Override
    public void sendResponseHeaders(int status, long length) throws IOException {
      exchange.sendResponseHeaders(status, length);
    }

    @Override
    public Object getAttribute(String name) {
      return exchange.getAttribute(name);
    }

    @Override
    public void setAttribute(String name, Object value) {
      exchange.setAttribute(name, value);
    }

    @Override
    public void setStreams(@Nullable InputStream in, @Nullable OutputStream out) {
      exchange.setStreams(in, out);
    }
  }
}
