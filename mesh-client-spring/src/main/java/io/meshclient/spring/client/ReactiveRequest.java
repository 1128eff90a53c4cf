package io.meshclient.spring.client;

import java.io.IOException;
import java.net.URI;
import java.util.Collection;
import java.util.stream.Collectors;
import okhttp3.Request;
import okhttp3.RequestBody;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.reactive.AbstractClientHttpRequest;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/** A request of {@code WebClient}; its body is asked for piece by piece while it is sent. */
final class ReactiveRequest extends AbstractClientHttpRequest {
  private final URI uri;
  private final HttpMethod method;
  private final DataBufferFactory buffers;
  private final ContextView view;
  private @Nullable RequestBody body;

  ReactiveRequest(URI uri, HttpMethod method, DataBufferFactory buffers, ContextView view) {
    this.uri = uri;
    this.method = method;
    this.buffers = buffers;
    this.view = view;
  }

  /** OkHttp's request, when headers and body are complete. */
  Request build() throws IOException {
    return OkHttpRequests.of(uri, method.name(), getHeaders(), body);
  }

  @Override
  public HttpMethod getMethod() {
    return method;
  }

  @Override
  public URI getURI() {
    return uri;
  }

  @Override
  public DataBufferFactory bufferFactory() {
    return buffers;
  }

  @Override
  // Spring's signature: the caller says which type it wants.
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  public <T> T getNativeRequest() {
    return (T) this;
  }

  @Override
  public Mono<Void> writeWith(Publisher<? extends DataBuffer> content) {
    return doCommit(
        () -> {
          body = new Published(Flux.from(content), getHeaders().getContentLength(), view);
          return Mono.empty();
        });
  }

  @Override
  public Mono<Void> writeAndFlushWith(
      Publisher<? extends Publisher<? extends DataBuffer>> content) {
    return doCommit(
        () -> {
          Flux<DataBuffer> flat = Flux.from(content).concatMap(part -> part);
          body = new Published(flat, getHeaders().getContentLength(), view);
          return Mono.empty();
        });
  }

  @Override
  public Mono<Void> setComplete() {
    return doCommit();
  }

  @Override
  protected void applyHeaders() {
    // They are read when the request is built.
  }

  @Override
  protected void applyCookies() {
    String cookies =
        getCookies().values().stream()
            .flatMap(Collection::stream)
            .map(cookie -> cookie.getName() + "=" + cookie.getValue())
            .collect(Collectors.joining("; "));
    if (!cookies.isEmpty()) {
      getHeaders().add(HttpHeaders.COOKIE, cookies);
    }
  }

  /** Subscribed to once for each time that it is sent, on the thread that sends it. */
  private static final class Published extends SentBody {
    private static final int ONE_AT_A_TIME = 1;

    private final Flux<? extends DataBuffer> content;
    private final ContextView view;

    Published(Flux<? extends DataBuffer> content, long length, ContextView view) {
      super(length);
      this.content = content;
      this.view = view;
    }

    @Override
    public boolean isOneShot() {
      return true;
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
      try {
        for (DataBuffer buffer : content.contextWrite(view).toIterable(ONE_AT_A_TIME)) {
          try {
            buffer.asInputStream().transferTo(sink.outputStream());
            sink.flush(); // what is streamed shall not wait for what comes after it
          } finally {
            DataBufferUtils.release(buffer);
          }
        }
      } catch (RuntimeException e) {
        throw new IOException("body: " + e.getMessage(), e);
      }
    }
  }
}
