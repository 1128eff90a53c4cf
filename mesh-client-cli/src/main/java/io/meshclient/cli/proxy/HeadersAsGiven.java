package io.meshclient.cli.proxy;

import java.io.IOException;
import okhttp3.Headers;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Keeps OkHttp from adding headers of its own (User-Agent, Accept-Encoding, Connection) and from
 * decoding what it did not ask for: the headers that leave the policy are those that are sent.
 */
final class HeadersAsGiven {

  private HeadersAsGiven() {}

  /** What a request had when it left the policy. */
  private record Given(Headers headers) {}

  /** An application interceptor, below the policy's. */
  static Response remember(Interceptor.Chain chain) throws IOException {
    Request request = chain.request();
    Request.Builder builder = request.newBuilder().tag(Given.class, new Given(request.headers()));
    if (request.header("Accept-Encoding") == null) {
      builder.header("Accept-Encoding", "identity"); // else OkHttp asks for gzip and decodes it
    }
    return chain.proceed(builder.build());
  }

  /** A network interceptor. */
  static Response restore(Interceptor.Chain chain) throws IOException {
    Request request = chain.request();
    Given given = request.tag(Given.class);
    if (given == null) {
      return chain.proceed(request);
    }
    Headers headers = framed(given.headers, request.header("Host"), request.body());
    return chain.proceed(request.newBuilder().headers(headers).build());
  }

  /** Host comes first, as RFC 9110 has it; how the body is framed is this connection's affair. */
  private static Headers framed(Headers given, @Nullable String host, @Nullable RequestBody body)
      throws IOException {
    long length = body == null ? 0 : body.contentLength();
    Headers.Builder headers = new Headers.Builder();
    if (host != null) {
      headers.addUnsafeNonAscii("Host", host);
    }
    boolean measured = false;
    for (int i = 0; i < given.size(); i++) {
      String name = given.name(i);
      if (name.equalsIgnoreCase("Content-Length")) {
        if (!measured && length >= 0) {
          headers.add(name, Long.toString(length));
          measured = true;
        }
      } else if (!name.equalsIgnoreCase("Host")) {
        headers.addUnsafeNonAscii(name, given.value(i));
      }
    }
    if (length < 0) {
      headers.add("Transfer-Encoding", "chunked");
    } else if (length > 0 && !measured) {
      headers.add("Content-Length", Long.toString(length));
    }
    return headers.build();
  }
}
