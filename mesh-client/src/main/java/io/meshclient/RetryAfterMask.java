package io.meshclient;

import java.io.IOException;
import okhttp3.Interceptor;
import okhttp3.Response;

/**
 * Keeps OkHttp from trying again by itself: it repeats a request that is answered 503 with {@code
 * Retry-After: 0}, which no setting turns off. So between the network and OkHttp's own follow-ups
 * such a value is no number.
 */
final class RetryAfterMask implements Interceptor {
  private static final String NAME = "Retry-After";
  private static final String MARK = "mesh-client:";

  @Override
  public Response intercept(Chain chain) throws IOException {
    Response response = chain.proceed(chain.request());
    String value = response.code() == 503 ? response.header(NAME) : null;
    return value == null ? response : response.newBuilder().header(NAME, MARK + value).build();
  }

  /** The response as the server sent it. */
  static Response unmask(Response response) {
    String value = response.code() == 503 ? response.header(NAME) : null;
    return value == null || !value.startsWith(MARK)
        ? response
        : response.newBuilder().header(NAME, value.substring(MARK.length())).build();
  }
}
