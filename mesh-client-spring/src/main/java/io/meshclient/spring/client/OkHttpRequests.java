package io.meshclient.spring.client;

import java.io.IOException;
import java.net.URI;
import java.util.Locale;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/** Requests of Spring's as OkHttp's. */
final class OkHttpRequests {
  private static final RequestBody EMPTY = RequestBody.create(new byte[0]);

  private OkHttpRequests() {}

  /**
   * OkHttp's request.
   *
   * @param body {@code null} for none
   * @throws IOException if OkHttp cannot send such a request
   */
  static Request of(URI uri, String method, HttpHeaders headers, @Nullable RequestBody body)
      throws IOException {
    HttpUrl url = HttpUrl.parse(uri.toASCIIString());
    if (url == null) {
      throw new IOException("URI: " + uri + " (expected: http or https, with a host)");
    }
    try {
      return new Request.Builder()
          .url(url)
          .headers(headers(headers))
          .method(method, body == null && needsBody(method) ? EMPTY : body)
          .build();
    } catch (IllegalArgumentException e) {
      throw new IOException("cannot be sent: " + method + " " + uri + ": " + e.getMessage(), e);
    }
  }

  /** The length is the body's to tell, and how it is framed OkHttp's. */
  private static Headers headers(HttpHeaders headers) {
    Headers.Builder all = new Headers.Builder();
    headers.forEach(
        (name, values) -> {
          String lower = name.toLowerCase(Locale.ROOT);
          if (!lower.equals("content-length") && !lower.equals("transfer-encoding")) {
            values.forEach(value -> all.addUnsafeNonAscii(name, value));
          }
        });
    return all.build();
  }

  private static boolean needsBody(String method) {
    return method.equals("POST") || method.equals("PUT") || method.equals("PATCH");
  }

  /** What came back, in Spring's form. */
  static HttpHeaders headers(Headers headers) {
    HttpHeaders all = new HttpHeaders();
    for (int i = 0; i < headers.size(); i++) {
      all.add(headers.name(i), headers.value(i));
    }
    return all;
  }
}
