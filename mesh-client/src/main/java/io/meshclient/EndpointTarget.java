package io.meshclient;

import io.meshclient.policy.Endpoint;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.Proxy;
import java.util.List;
import okhttp3.Connection;
import okhttp3.Cookie;
import okhttp3.CookieJar;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Sends a request to an endpoint by OkHttp. The URL of a plain request names the endpoint, since
 * within a call OkHttp goes on using a connection that leads to the URL's host and port; its
 * cookies and its place in a cache stay those of the name the application used. An https URL keeps
 * that name, for certificates, and finds the endpoint by a Dns of its own.
 */
final class EndpointTarget {

  /** Each is closed, so that a pool runs out of them. */
  private static final int MOST_RETIRED = 1000;

  /** An interceptor of the application's may be what fails before anything is sent. */
  private static final int MOST_FOUND_CLOSED = 3;

  private EndpointTarget() {}

  /**
   * Sends a request.
   *
   * @param tls what a plain request is to go out by; {@code null} for plain text
   * @param plain how plain text goes out; what is secured agrees on its protocol by itself
   */
  static Response proceed(
      MeshCall call,
      Endpoint endpoint,
      TlsOrigin.@Nullable Material tls,
      Transport plain,
      Interceptor.Chain within)
      throws IOException {
    Interceptor.Chain chain = within.withProxy(Proxy.NO_PROXY);
    HttpUrl url = call.request.url();
    HttpUrl.Builder to = url.newBuilder();
    if (endpoint.port() != 0) {
      to.port(endpoint.port());
    }
    Request.Builder request = call.request.newBuilder();
    if (url.isHttps()) {
      leave(call.events.connection());
      return send(
          call,
          Transport.CHAIN,
          chain.withDns(new EndpointDns(chain.getDns(), endpoint.address())),
          request.url(to.build()).build());
    }
    if (tls != null) {
      leave(call.events.connection());
      chain = originate(chain, endpoint, tls);
      request.url(to.scheme("https").host(name(call, tls)).port(port(endpoint, url)).build());
    } else {
      request.url(to.host(endpoint.address()).build());
    }
    if (chain.getCookieJar() != CookieJar.NO_COOKIES) {
      chain = chain.withCookieJar(new OriginalCookies(chain.getCookieJar(), call.original.url()));
    }
    if (chain.getCache() != null && call.request.method().equals("GET")) {
      request.cacheUrlOverride(url);
    }
    return send(call, tls == null ? plain : Transport.CHAIN, chain, request.build());
  }

  private static Interceptor.Chain originate(
      Interceptor.Chain chain, Endpoint endpoint, TlsOrigin.Material tls) {
    Interceptor.Chain secured =
        chain
            .withDns(new EndpointDns(chain.getDns(), endpoint.address()))
            .withSslSocketFactory(tls.sockets(), tls.trust());
    return tls.verifier() == null ? secured : secured.withHostnameVerifier(tls.verifier());
  }

  /** The name that is asked for, and that certificates are for. */
  private static String name(MeshCall call, TlsOrigin.Material tls) {
    return tls.sni() != null ? tls.sni() : new RequestViewOfOkHttp(call.request).host();
  }

  /** A plain request's port stays what it is: it does not become that of https. */
  private static int port(Endpoint endpoint, HttpUrl url) {
    return endpoint.port() != 0 ? endpoint.port() : url.port();
  }

  /** Sends within the try's time, to the byte. */
  static Response send(MeshCall call, Transport transport, Interceptor.Chain chain, Request request)
      throws IOException {
    call.events.watchdog(null);
    if (call.tryDeadlineNanos == Long.MAX_VALUE) {
      return sendOnLiving(call, transport, chain, request);
    }
    Watchdog watchdog = new Watchdog(call.events, call.tryDeadlineNanos);
    Interceptor.Chain watched =
        chain.withSocketFactory(watchdog.watching(chain.getSocketFactory()));
    call.events.watchdog(watchdog);
    watchdog.enter();
    Response response;
    try {
      response = sendOnLiving(call, transport, watched, request);
    } catch (IOException | RuntimeException e) {
      watchdog.exit();
      throw e;
    }
    if (watchdog.exit()) {
      response.close();
      throw new InterruptedIOException("timeout");
    }
    return response;
  }

  /**
   * Sends on a connection that is not over. One from the pool that turns out to be, before a byte
   * of the request was written to it, has cost nothing: the server closed it while it lay idle, or
   * just when OkHttp took it, or its own life is over. Then the request goes out on another one.
   */
  static Response sendOnLiving(
      MeshCall call, Transport transport, Interceptor.Chain chain, Request request)
      throws IOException {
    for (int over = 0; ; over++) {
      call.events.reset();
      try {
        return RetryAfterMask.unmask(transport.send(call, chain, request));
      } catch (IOException e) {
        boolean retired = e instanceof ConnectionLives.Retired;
        if (!retired) {
          call.events.failed();
        }
        boolean unsent =
            retired || call.events.foundClosed() && !(e instanceof InterruptedIOException);
        if (!unsent
            || over >= (retired ? MOST_RETIRED : MOST_FOUND_CLOSED)
            || chain.call().isCanceled()) {
          throw e;
        }
      }
    }
  }

  /**
   * Gives a try's connection up, so that the next try may go to another endpoint under the same
   * name. An HTTP/2 connection has other calls' streams: there the next try stays on it.
   */
  private static void leave(@Nullable Connection connection) throws IOException {
    if (connection != null && connection.protocol() == Protocol.HTTP_1_1) {
      connection.socket().close();
    }
  }

  /** Cookies by the URL that the application used. */
  private record OriginalCookies(CookieJar jar, HttpUrl url) implements CookieJar {
    @Override
    public List<Cookie> loadForRequest(HttpUrl ignored) {
      return jar.loadForRequest(url);
    }

    @Override
    public void saveFromResponse(HttpUrl ignored, List<Cookie> cookies) {
      jar.saveFromResponse(url, cookies);
    }
  }
}
