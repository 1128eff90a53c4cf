package io.meshclient.cli.proxy;

import io.meshclient.context.HeaderSource;
import io.meshclient.server.ServerExchange;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLSession;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;

/** A request to the inbound proxy. For one thread. */
final class InboundExchange implements ServerExchange {
  private final Request request;
  private final Response response;
  private final InboundFields fields;

  InboundExchange(Request request, Response response, InboundFields fields) {
    this.request = request;
    this.response = response;
    this.fields = fields;
  }

  static EndPoint endPoint(Request request) {
    return request.getConnectionMetaData().getConnection().getEndPoint();
  }

  static @Nullable SSLSession session(Request request) {
    EndPoint.SslSessionData data = endPoint(request).getSslSessionData();
    return data == null ? null : data.sslSession();
  }

  /** The Host line; in HTTP/2 the pseudo header, beside which no Host counts. */
  static String authority(Request request) {
    if (isNewest(request)) {
      return String.valueOf(request.getHttpURI().getAuthority());
    }
    String host = request.getHeaders().get(HttpHeader.HOST);
    return host == null ? "" : host;
  }

  static boolean isNewest(Request request) {
    return request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_2;
  }

  @Override
  public String method() {
    return request.getMethod();
  }

  @Override
  public String target() {
    return AnyTargets.of(request);
  }

  @Override
  public String authority() {
    return authority(request);
  }

  @Override
  public HeaderSource headers() {
    return fields;
  }

  @Override
  public InetSocketAddress remote() {
    return inet(endPoint(request).getRemoteSocketAddress());
  }

  @Override
  public InetSocketAddress local() {
    return inet(endPoint(request).getLocalSocketAddress());
  }

  private static InetSocketAddress inet(SocketAddress address) {
    if (address instanceof InetSocketAddress inet) {
      return inet;
    }
    throw new IllegalStateException("address: " + address + " (expected: one of IP)");
  }

  @Override
  public boolean secured() {
    return endPoint(request).isSecure();
  }

  @Override
  public @Nullable SSLSession session() {
    return session(request);
  }

  @Override
  public @Nullable String serverName() {
    return TlsConnections.serverName(endPoint(request));
  }

  @Override
  public boolean hasAnswerHeader(String name) {
    return response.getHeaders().contains(name);
  }

  @Override
  public void addAnswerHeader(String name, String value) {
    response.getHeaders().add(name, value);
  }

  @Override
  public void setAnswerHeader(String name, String value) {
    response.getHeaders().put(name, value);
  }

  @Override
  public void answer(int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, bytes.length);
    boolean silent = method().equals("HEAD");
    Content.Sink.write(response, true, silent ? ByteBuffer.allocate(0) : ByteBuffer.wrap(bytes));
  }

  @Override
  public void cut() {
    endPoint(request).close();
  }

  @Override
  public void endConnection() {
    if (!isNewest(request)) {
      response.getHeaders().put(HttpFields.CONNECTION_CLOSE);
    } else if (request.getConnectionMetaData().getConnection() instanceof HTTP2Connection http2) {
      // GOAWAY: requests under way are answered, this one too.
      var unused = http2.getSession().shutdown();
    }
  }

  @Override
  public int status() {
    return response.getStatus();
  }

  @Override
  public @Nullable String answerHeader(String name) {
    return response.getHeaders().get(name);
  }

  @Override
  public String protocol() {
    return isNewest(request) ? "HTTP/2" : request.getConnectionMetaData().getProtocol();
  }

  /** Jetty counts anyway. */
  @Override
  public long requestBytes() {
    return Request.getContentBytesRead(request);
  }

  @Override
  public long responseBytes() {
    return Response.getContentBytesWritten(response);
  }
}
