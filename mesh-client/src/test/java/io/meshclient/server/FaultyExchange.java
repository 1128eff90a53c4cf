package io.meshclient.server;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpPrincipal;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** An exchange of the JDK's server, {@code GET /open/a}, of which one look fails. */
final class FaultyExchange extends HttpExchange {
  private final Fault fault;
  private final Headers sent = new Headers();
  private final Headers answered = new Headers();

  FaultyExchange(Fault fault) {
    this.fault = fault;
    sent.add("host", "a");
    sent.add("x-tenant", "red");
  }

  @Override
  public Headers getRequestHeaders() {
    return fault.look(sent);
  }

  @Override
  public Headers getResponseHeaders() {
    return fault.look(answered);
  }

  @Override
  public URI getRequestURI() {
    return fault.look(URI.create("/open/a"));
  }

  @Override
  public String getRequestMethod() {
    return fault.look("GET");
  }

  @Override
  public @Nullable HttpContext getHttpContext() {
    return fault.look(null);
  }

  @Override
  public void close() {}

  @Override
  public InputStream getRequestBody() {
    return fault.look(InputStream.nullInputStream());
  }

  @Override
  public OutputStream getResponseBody() {
    return fault.look(new ByteArrayOutputStream());
  }

  @Override
  public void sendResponseHeaders(int status, long length) {
    fault.status = fault.look(status);
  }

  @Override
  public InetSocketAddress getRemoteAddress() {
    return fault.look(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1));
  }

  @Override
  public int getResponseCode() {
    return fault.status;
  }

  @Override
  public InetSocketAddress getLocalAddress() {
    return fault.look(new InetSocketAddress(InetAddress.getLoopbackAddress(), 2));
  }

  @Override
  public String getProtocol() {
    return fault.look("HTTP/1.1");
  }

  @Override
  public @Nullable Object getAttribute(String name) {
    return fault.look(null);
  }

  @Override
  public void setAttribute(String name, Object value) {}

  @Override
  public void setStreams(InputStream in, OutputStream out) {}

  @Override
  public @Nullable HttpPrincipal getPrincipal() {
    return fault.look(null);
  }
}
