package io.meshclient;

import java.io.IOException;
import java.util.List;
import okhttp3.Call;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;

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

  private final SecondCalls clients = new SecondCalls(PlainHttp2::derive);
  private final MeshClock clock;

  PlainHttp2(MeshClock clock) {
    this.clock = clock;
  }

  @Override
  public Response send(MeshCall call, Interceptor.Chain chain, Request request) throws IOException {
    Call second =
        clients
            .within(chain.call())
            .newCall(request.newBuilder().tag(Origin.class, new Origin(chain)).build());
    second.tag(CallEvents.class, () -> call.events);
    SecondCalls.limit(second, chain.call(), clock.nanoTime() - call.chainNanos);
    call.events.second(second);
    return second.execute();
  }

  private static OkHttpClient derive(OkHttpClient.Builder builder) {
    builder.interceptors().add(0, PlainHttp2::takeSettings);
    return builder
        .protocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE))
        .eventListenerFactory(call -> new EventsOfSecondCall(origin(call.request()).chain))
        .build();
  }

  private static Response takeSettings(Interceptor.Chain chain) throws IOException {
    return SecondCalls.withSettings(chain, origin(chain.request()).chain)
        .proceed(chain.request().newBuilder().tag(Origin.class, null).build());
  }

  private static Origin origin(Request request) {
    Origin origin = request.tag(Origin.class);
    if (origin == null) {
      throw new IllegalStateException("a call without its origin (expected: one of this class)");
    }
    return origin;
  }
}
