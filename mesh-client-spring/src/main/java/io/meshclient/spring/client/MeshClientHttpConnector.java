package io.meshclient.spring.client;

import static java.util.Objects.requireNonNull;

import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.io.IOException;
import java.net.URI;
import java.util.function.Function;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.http.client.reactive.ClientHttpResponse;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.util.context.ContextView;

/**
 * Sends what {@code WebClient} is asked for through a mesh's OkHttp client. The calling thread
 * never waits; bodies go and come as they are produced and consumed, on OkHttp's threads and those
 * of Reactor that may block.
 *
 * <p>Safe from any thread.
 */
public final class MeshClientHttpConnector implements ClientHttpConnector {
  private final Call.Factory calls;
  private final Function<ContextView, @Nullable Context> contexts;
  private final DataBufferFactory buffers = DefaultDataBufferFactory.sharedInstance;

  /**
   * A connector whose calls carry the subscribing thread's context on.
   *
   * @param calls such as {@link io.meshclient.MeshClient#okHttpClient}
   */
  public MeshClientHttpConnector(Call.Factory calls) {
    this(calls, view -> null);
  }

  /**
   * Like {@link #MeshClientHttpConnector(Call.Factory)}.
   *
   * @param contexts what a call carries on, of the subscription's context; where that is {@code
   *     null}, the subscribing thread's
   */
  MeshClientHttpConnector(Call.Factory calls, Function<ContextView, @Nullable Context> contexts) {
    this.calls = requireNonNull(calls, "calls");
    this.contexts = contexts;
  }

  @Override
  public Mono<ClientHttpResponse> connect(
      HttpMethod method, URI uri, Function<? super ClientHttpRequest, Mono<Void>> requestCallback) {
    return Mono.deferContextual(
        view -> {
          ReactiveRequest request = new ReactiveRequest(uri, method, buffers, view);
          return requestCallback.apply(request).then(Mono.defer(() -> exchange(request, view)));
        });
  }

  private Mono<ClientHttpResponse> exchange(ReactiveRequest request, ContextView view) {
    return Mono.create(
        sink -> {
          try {
            Call call = newCall(request.build(), view);
            sink.onCancel(call::cancel);
            call.enqueue(new Answered(sink, buffers));
          } catch (IOException e) {
            sink.error(e);
          }
        });
  }

  private Call newCall(Request request, ContextView view) {
    Context context = contexts.apply(view);
    if (context == null) {
      return calls.newCall(request);
    }
    try (Scope scope = context.makeCurrent()) {
      return calls.newCall(request);
    }
  }

  /** Hands the answer over, or closes it where nobody waits for it any more. */
  private record Answered(MonoSink<ClientHttpResponse> sink, DataBufferFactory buffers)
      implements Callback {

    @Override
    public void onResponse(Call call, Response response) {
      if (call.isCanceled()) {
        response.close();
        return;
      }
      sink.success(new ReactiveResponse(response, buffers));
      if (call.isCanceled()) {
        response.close(); // who had asked was gone when it arrived
      }
    }

    @Override
    public void onFailure(Call call, IOException e) {
      sink.error(e);
    }
  }
}
