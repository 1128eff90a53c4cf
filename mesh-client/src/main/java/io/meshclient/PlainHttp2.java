package io.meshclient;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.internal.connection.RealCall;
import okio.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Sends plain requests by HTTP/2 with prior knowledge. OkHttp settles the protocol of plain
 * connections for a client as a whole, so each request becomes a call of a client that differs from
 * the application's in that alone: what the application put behind this library still sees it, the
 * settings of its chain hold, its listeners hear of it under the call that they know, and it ends
 * when that call is cancelled. Safe from any thread.
 */
final class PlainHttp2 implements Transport {

  /** What a request takes along to its second call. */
  private record Origin(Interceptor.Chain chain) {}

  private record Derived(OkHttpClient from, OkHttpClient client) {}

  /** An application has one client, or few; to derive again costs microseconds. */
  private volatile @Nullable Derived derived;

  private final MeshClock clock;

  PlainHttp2(MeshClock clock) {
    this.clock = clock;
  }

  @Override
  public Response send(MeshCall call, Interceptor.Chain chain, Request request) throws IOException {
    // Only the call itself knows the client that was made of the instrumented one since.
    OkHttpClient applications = ((RealCall) chain.call()).getClient();
    Call second =
        client(applications)
            .newCall(request.newBuilder().tag(Origin.class, new Origin(chain)).build());
    second.tag(CallEvents.class, () -> call.events);
    limit(second.timeout(), chain.call().timeout(), clock.nanoTime() - call.startNanos);
    call.events.second(second);
    return second.execute();
  }

  private OkHttpClient client(OkHttpClient applications) {
    Derived known = derived;
    if (known == null || known.from != applications) {
      known = new Derived(applications, derive(applications));
      derived = known;
    }
    return known.client;
  }

  private static OkHttpClient derive(OkHttpClient applications) {
    OkHttpClient.Builder builder = applications.newBuilder();
    List<Interceptor> interceptors = builder.interceptors();
    int own = 0;
    for (int i = 0; i < interceptors.size(); i++) {
      Interceptor interceptor = interceptors.get(i);
      if (interceptor instanceof MeshInterceptor || interceptor instanceof MirrorInterceptor) {
        own = i + 1;
      }
    }
    interceptors.subList(0, own).clear();
    interceptors.add(0, PlainHttp2::takeSettings);
    return builder
        .protocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE))
        .eventListenerFactory(call -> new EventsOfSecondCall(origin(call.request()).chain))
        .build();
  }

  /** The second call begins where the first one has come to. */
  private static Response takeSettings(Interceptor.Chain chain) throws IOException {
    Interceptor.Chain first = origin(chain.request()).chain;
    return chain
        .withConnectTimeout(first.connectTimeoutMillis(), TimeUnit.MILLISECONDS)
        .withReadTimeout(first.readTimeoutMillis(), TimeUnit.MILLISECONDS)
        .withWriteTimeout(first.writeTimeoutMillis(), TimeUnit.MILLISECONDS)
        .withDns(first.getDns())
        .withSocketFactory(first.getSocketFactory())
        .withProxy(first.getProxy())
        .withProxySelector(first.getProxySelector())
        .withProxyAuthenticator(first.getProxyAuthenticator())
        .withAuthenticator(first.getAuthenticator())
        .withCookieJar(first.getCookieJar())
        .withCache(first.getCache())
        .withConnectionPool(first.getConnectionPool())
        .withRetryOnConnectionFailure(first.getRetryOnConnectionFailure())
        .proceed(chain.request().newBuilder().tag(Origin.class, null).build());
  }

  private static Origin origin(Request request) {
    Origin origin = request.tag(Origin.class);
    if (origin == null) {
      throw new IllegalStateException("a call without its origin (expected: one of this class)");
    }
    return origin;
  }

  /** The first call's time ends with its answer's headers, so what is left goes to the second. */
  private static void limit(Timeout second, Timeout first, long gone) {
    second.clearTimeout();
    if (first.timeoutNanos() != 0) {
      second.timeout(Math.max(1, first.timeoutNanos() - gone), TimeUnit.NANOSECONDS);
    }
  }
}
