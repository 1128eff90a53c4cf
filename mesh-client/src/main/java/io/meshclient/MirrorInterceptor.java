package io.meshclient;

import io.meshclient.mesh.Ownership;
import io.meshclient.policy.MeshPolicy;
import io.meshclient.policy.RouteAction;
import io.opentelemetry.context.Context;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import okhttp3.Authenticator;
import okhttp3.Cookie;
import okhttp3.CookieJar;
import okhttp3.Dispatcher;
import okhttp3.EventListener;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** Sends one copy to its mirror: one try, by the stage that sends everything else too. */
final class MirrorInterceptor implements Interceptor {

  /**
   * What a copy carries with it.
   *
   * @param original what the application asked for
   */
  record Copy(
      RouteAction.Forward to,
      Request original,
      Context context,
      MeshPolicy policy,
      Ownership ownership) {}

  private final EndpointStage endpoint;
  private final MeshClock clock;

  private MirrorInterceptor(EndpointStage endpoint, MeshClock clock) {
    this.endpoint = endpoint;
    this.clock = clock;
  }

  /**
   * A client for copies: the application's sockets, TLS and connections, and nothing that would
   * hear of them: no interceptors, no listener, no cache. Cookies are sent, and never taken.
   */
  static OkHttpClient client(
      OkHttpClient applications,
      IdleConnections idle,
      ConnectionLives lives,
      EndpointStage endpoint,
      StageSettings stages) {
    OkHttpClient.Builder builder = applications.newBuilder();
    builder.interceptors().clear();
    builder.networkInterceptors().clear();
    CookieJar jar = applications.cookieJar();
    return builder
        .addInterceptor(new MirrorInterceptor(endpoint, stages.clock()))
        .addNetworkInterceptor(new RetryAfterMask())
        .addNetworkInterceptor(lives)
        .addNetworkInterceptor(new PeerCheck())
        .eventListenerFactory(
            new CallEvents.Factory(call -> EventListener.NONE, idle, stages.tls().rotated()))
        .dispatcher(new Dispatcher())
        .cache(null)
        .cookieJar(jar == CookieJar.NO_COOKIES ? jar : new SendOnly(jar))
        .authenticator(Authenticator.NONE)
        .followRedirects(false)
        .followSslRedirects(false)
        .retryOnConnectionFailure(false)
        .build();
  }

  @Override
  public Response intercept(Chain chain) throws IOException {
    Copy copy = Objects.requireNonNull(chain.request().tag(Copy.class));
    CallEvents events = CallEvents.of(chain.call());
    long now = clock.nanoTime();
    MeshCall call = new MeshCall(chain, copy.original, copy.context, copy.policy, events, now);
    call.request = chain.request();
    call.ownership = copy.ownership;
    call.forward = copy.to;
    call.destination = copy.to.pick(0);
    call.deadlineNanos = now + copy.to.timeoutNanos();
    call.tryDeadlineNanos = call.deadlineNanos;
    if (call.destination.cluster() == null) {
      throw new Failure(Failure.Kind.NO_ENDPOINT, null);
    }
    return endpoint.run(call, () -> LocalReply.of(copy.original, 500, ""));
  }

  private record SendOnly(CookieJar jar) implements CookieJar {
    @Override
    public List<Cookie> loadForRequest(HttpUrl url) {
      return jar.loadForRequest(url);
    }

    @Override
    public void saveFromResponse(HttpUrl url, List<Cookie> cookies) {}
  }
}
