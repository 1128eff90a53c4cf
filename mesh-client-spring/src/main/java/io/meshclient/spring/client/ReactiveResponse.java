package io.meshclient.spring.client;

import java.net.HttpCookie;
import java.util.List;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseCookie;
import org.springframework.http.client.reactive.ClientHttpResponse;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** An answer for {@code WebClient}; its body is read while it is asked for. */
final class ReactiveResponse implements ClientHttpResponse {
  private static final int CHUNK = 8 << 10;
  private static final String SAME_SITE = "samesite=";

  private final Response response;
  private final DataBufferFactory buffers;
  private final HttpHeaders headers;

  ReactiveResponse(Response response, DataBufferFactory buffers) {
    this.response = response;
    this.buffers = buffers;
    this.headers = OkHttpRequests.headers(response.headers());
  }

  @Override
  public HttpStatusCode getStatusCode() {
    return HttpStatusCode.valueOf(response.code());
  }

  @Override
  public HttpHeaders getHeaders() {
    return headers;
  }

  /** Reading blocks: it is done where that is allowed. */
  @Override
  public Flux<DataBuffer> getBody() {
    return DataBufferUtils.readInputStream(() -> response.body().byteStream(), buffers, CHUNK)
        .subscribeOn(Schedulers.boundedElastic())
        .doFinally(signal -> response.close());
  }

  @Override
  public MultiValueMap<String, ResponseCookie> getCookies() {
    MultiValueMap<String, ResponseCookie> cookies = new LinkedMultiValueMap<>();
    for (String line : response.headers("set-cookie")) {
      for (HttpCookie cookie : parse(line)) {
        cookies.add(
            cookie.getName(),
            ResponseCookie.fromClientResponse(cookie.getName(), cookie.getValue())
                .domain(cookie.getDomain())
                .path(cookie.getPath())
                .maxAge(cookie.getMaxAge())
                .secure(cookie.getSecure())
                .httpOnly(cookie.isHttpOnly())
                .sameSite(sameSite(line))
                .build());
      }
    }
    return cookies;
  }

  private static List<HttpCookie> parse(String line) {
    try {
      return HttpCookie.parse(line);
    } catch (IllegalArgumentException e) {
      return List.of(); // not a cookie; the header is still there
    }
  }

  /** The JDK does not know this attribute. */
  private static @Nullable String sameSite(String line) {
    for (String part : line.split(";", -1)) {
      String attribute = part.strip();
      if (attribute.regionMatches(true, 0, SAME_SITE, 0, SAME_SITE.length())) {
        return attribute.substring(SAME_SITE.length());
      }
    }
    return null;
  }
}
