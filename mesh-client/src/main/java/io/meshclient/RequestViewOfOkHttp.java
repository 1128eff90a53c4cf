package io.meshclient;

import io.meshclient.policy.RequestView;
import java.io.IOException;
import java.util.Locale;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;

/**
 * An OkHttp request as matching sees it: the Host header that it has or would get, a plain path.
 */
final class RequestViewOfOkHttp implements RequestView {
  private final Request request;
  private final HttpUrl url;
  private @Nullable Headers headers;
  private final @Nullable String hostHeader;
  private final String path;

  RequestViewOfOkHttp(Request request) {
    this.request = request;
    this.url = request.url();
    this.hostHeader = request.header("Host");
    this.path = PathNormalizer.normalize(url.encodedPath());
  }

  /** Made out when first asked for: many a request is routed without a look at its headers. */
  private Headers headers() {
    Headers known = headers;
    if (known == null) {
      known = withThoseOfTheBody(request);
      headers = known;
    }
    return known;
  }

  /** OkHttp writes what a body says of itself into the headers only when it sends them. */
  private static Headers withThoseOfTheBody(Request request) {
    RequestBody body = request.body();
    if (body == null) {
      return request.headers();
    }
    Headers.Builder headers = request.headers().newBuilder();
    if (body.contentType() != null) {
      headers.set("content-type", body.contentType().toString());
    }
    try {
      long length = body.contentLength();
      headers.set(
          length < 0 ? "transfer-encoding" : "content-length",
          length < 0 ? "chunked" : Long.toString(length));
    } catch (IOException e) {
      // Sending it will meet the same, and tell.
    }
    return headers.build();
  }

  @Override
  public String method() {
    return request.method();
  }

  @Override
  public String scheme() {
    return "https".equals(headers().get("x-forwarded-proto")) ? "https" : url.scheme();
  }

  @Override
  public int port() {
    return url.port();
  }

  @Override
  public String host() {
    return hostHeader == null ? url.host() : withoutPort(hostHeader).toLowerCase(Locale.ROOT);
  }

  @Override
  public String authority() {
    if (hostHeader != null) {
      return hostHeader;
    }
    String host = url.host();
    String written = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return url.port() == HttpUrl.defaultPort(url.scheme()) ? written : written + ":" + url.port();
  }

  @Override
  public String path() {
    return path;
  }

  @Override
  public @Nullable String query() {
    return url.encodedQuery();
  }

  @Override
  public int headerCount() {
    return headers().size();
  }

  @Override
  public String headerName(int index) {
    return headers().name(index);
  }

  @Override
  public String headerValue(int index) {
    return headers().value(index);
  }

  /** Host names in the registry bear no brackets, so those of an IPv6 address go as well. */
  private static String withoutPort(String authority) {
    int bracket = authority.indexOf(']');
    if (authority.startsWith("[") && bracket > 0) {
      return authority.substring(1, bracket);
    }
    int colon = authority.lastIndexOf(':');
    return colon < 0 ? authority : authority.substring(0, colon);
  }
}
