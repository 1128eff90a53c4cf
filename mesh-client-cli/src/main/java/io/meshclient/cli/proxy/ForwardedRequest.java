package io.meshclient.cli.proxy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Set;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpURI;
import org.jspecify.annotations.Nullable;

/** A client's request as OkHttp takes it: target, Host and headers as they were written. */
final class ForwardedRequest {

  /** OkHttp insists on a body for these, and takes an empty one. */
  private static final Set<String> WITH_BODY =
      Set.of("POST", "PUT", "PATCH", "PROPPATCH", "QUERY", "REPORT");

  private ForwardedRequest() {}

  /**
   * Reads a request, and its body as far as it has to be kept.
   *
   * @throws Refused if it is one that cannot be sent on
   * @throws IOException if the client breaks off
   */
  static Request of(org.eclipse.jetty.server.Request request, ClientWatch watch)
      throws Refused, IOException {
    String method = request.getMethod();
    if (method.equals("CONNECT")) {
      throw new Refused(501, "CONNECT is not supported: what is in a tunnel cannot be routed");
    }
    HttpUrl url = url(request.getHttpURI());
    refuseItself(request, url);
    RequestBody body = ForwardedBody.of(request, watch);
    if (body != null && (method.equals("GET") || method.equals("HEAD"))) {
      throw new Refused(501, method + " with a body is not supported");
    }
    if (body == null && WITH_BODY.contains(method)) {
      body = RequestBody.create(new byte[0]);
    }
    return new Request.Builder().url(url).headers(headers(request)).method(method, body).build();
  }

  /** A request for the proxy itself would go through it again and again. */
  private static void refuseItself(org.eclipse.jetty.server.Request request, HttpUrl url)
      throws Refused {
    if (request.getConnectionMetaData().getLocalSocketAddress() instanceof InetSocketAddress own
        && own.getPort() == url.port()
        && (url.host().equals("localhost")
            || url.host().equals(own.getAddress().getHostAddress()))) {
      throw new Refused(
          400, url + " is this proxy itself (expected: a service; use it as curl --proxy does)");
    }
  }

  private static HttpUrl url(HttpURI uri) throws Refused {
    String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw new Refused(501, "scheme: \"" + uri.getScheme() + "\" (expected: http or https)");
    }
    String path = uri.getPath();
    if (!path.startsWith("/")) {
      throw new Refused(501, "target: \"" + path + "\" (expected: http://host:port/path)");
    }
    try {
      HttpUrl.Builder url =
          new HttpUrl.Builder()
              .scheme(scheme)
              .host(uri.getHost())
              .encodedPath(path)
              .encodedQuery(uri.getQuery());
      return uri.getPort() > 0 ? url.port(uri.getPort()).build() : url.build();
    } catch (IllegalArgumentException e) {
      throw new Refused(400, "target: \"" + uri + "\": " + e.getMessage());
    }
  }

  /** The Host header counts for routing; where there is none, it is the target's authority. */
  private static Headers headers(org.eclipse.jetty.server.Request request) {
    HopByHop hopByHop =
        HopByHop.of(
            request.getHeaders().getValuesList(org.eclipse.jetty.http.HttpHeader.CONNECTION));
    Headers.Builder headers = new Headers.Builder();
    String host = request.getHeaders().get(org.eclipse.jetty.http.HttpHeader.HOST);
    headers.addUnsafeNonAscii("Host", hostOr(host, request.getHttpURI()));
    for (HttpField field : request.getHeaders()) {
      String name = field.getName();
      if (!name.equalsIgnoreCase("Host")
          && !name.equalsIgnoreCase("Expect")
          && !hopByHop.includes(name)) {
        headers.addUnsafeNonAscii(name, WireText.decode(field.getValue()));
      }
    }
    return headers.build();
  }

  private static String hostOr(@Nullable String host, HttpURI uri) {
    if (host != null && !host.isEmpty()) {
      return host;
    }
    String authority = String.valueOf(uri.getAuthority());
    return authority.substring(authority.indexOf('@') + 1);
  }
}
