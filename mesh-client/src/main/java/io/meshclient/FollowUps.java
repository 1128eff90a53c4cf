package io.meshclient;

import java.io.IOException;
import java.net.ProtocolException;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.jspecify.annotations.Nullable;

/**
 * Follows redirects as OkHttp would, above routing: where a redirect leads is a destination like
 * any other, with rules of its own. Each hop is a call of its own through the stages behind.
 *
 * @param follow whether redirects are followed at all
 * @param acrossSchemes from http to https and back, too
 */
record FollowUps(boolean follow, boolean acrossSchemes) {
  private static final int MOST = 20;

  /** As a client would by itself. */
  static FollowUps of(OkHttpClient client) {
    return new FollowUps(client.followRedirects(), client.followSslRedirects());
  }

  /** One hop of a call. */
  interface Hop {
    Response run(Request request) throws IOException;
  }

  Response run(Request first, Hop hop) throws IOException {
    Request request = first;
    Response response = hop.run(request);
    for (int count = 1; ; count++) {
      Request next = follow ? next(request, response) : null;
      if (next == null) {
        return response;
      }
      if (count > MOST) {
        response.close();
        throw new ProtocolException("Too many follow-up requests: " + count);
      }
      response.close();
      Response prior = response.newBuilder().body(ResponseBody.create("", null)).build();
      request = next;
      response = hop.run(request).newBuilder().priorResponse(prior).build();
    }
  }

  private @Nullable Request next(Request request, Response response) {
    int status = response.code();
    String location = response.header("Location");
    boolean redirects = status >= 300 && status <= 303 || status == 307 || status == 308;
    if (!redirects || location == null) {
      return null;
    }
    HttpUrl url = request.url().resolve(location);
    if (url == null || !acrossSchemes && !url.scheme().equals(request.url().scheme())) {
      return null;
    }
    Request.Builder next = request.newBuilder().url(url).removeHeader("Host");
    if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
      boolean keepsBody = status == 307 || status == 308 || request.method().equals("PROPFIND");
      RequestBody body = keepsBody ? request.body() : null;
      if (body != null && (body.isOneShot() || body.isDuplex())) {
        return null;
      }
      next.method(keepsBody ? request.method() : "GET", body);
      if (!keepsBody) {
        next.removeHeader("Transfer-Encoding");
        next.removeHeader("Content-Length");
        next.removeHeader("Content-Type");
      }
    }
    boolean sameServer =
        url.host().equals(request.url().host())
            && url.port() == request.url().port()
            && url.scheme().equals(request.url().scheme());
    if (!sameServer) {
      next.removeHeader("Authorization");
    }
    return next.build();
  }
}
