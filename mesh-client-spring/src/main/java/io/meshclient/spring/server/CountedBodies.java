package io.meshclient.spring.server;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.ZeroCopyHttpOutputMessage;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** How many bytes of a request's body and of its answer's have passed. Safe from any thread. */
final class CountedBodies {
  private final AtomicLong read = new AtomicLong();
  private final AtomicLong written = new AtomicLong();

  long read() {
    return read.get();
  }

  long written() {
    return written.get();
  }

  void written(long count) {
    written.addAndGet(count);
  }

  /** The exchange, of which all that is read and written from now on is counted. */
  ServerWebExchange of(ServerWebExchange exchange) {
    ServerHttpResponse answer = exchange.getResponse();
    return exchange
        .mutate()
        .request(new Request(exchange.getRequest()))
        .response(
            answer instanceof ZeroCopyHttpOutputMessage files
                ? new FileResponse(answer, files)
                : new Response(answer))
        .build();
  }

  private final class Request extends ServerHttpRequestDecorator {

    Request(ServerHttpRequest request) {
      super(request);
    }

    @Override
    public Flux<DataBuffer> getBody() {
      return super.getBody().doOnNext(buffer -> read.addAndGet(buffer.readableByteCount()));
    }
  }

  private class Response extends ServerHttpResponseDecorator {

    Response(ServerHttpResponse answer) {
      super(answer);
    }

    @Override
    public Mono<Void> writeWith(Publisher<? extends DataBuffer> body) {
      return super.writeWith(counted(body));
    }

    @Override
    public Mono<Void> writeAndFlushWith(
        Publisher<? extends Publisher<? extends DataBuffer>> parts) {
      return super.writeAndFlushWith(Flux.from(parts).map(this::counted));
    }

    /** Servers write a single buffer in a simpler way: it stays one. */
    private Publisher<? extends DataBuffer> counted(Publisher<? extends DataBuffer> body) {
      return body instanceof Mono<? extends DataBuffer> single
          ? single.doOnNext(this::count)
          : Flux.from(body).doOnNext(this::count);
    }

    private void count(DataBuffer buffer) {
      written(buffer.readableByteCount());
    }
  }

  /** Of a server that sends files without reading them. */
  private final class FileResponse extends Response implements ZeroCopyHttpOutputMessage {
    private final ZeroCopyHttpOutputMessage files;

    FileResponse(ServerHttpResponse answer, ZeroCopyHttpOutputMessage files) {
      super(answer);
      this.files = files;
    }

    @Override
    public Mono<Void> writeWith(Path file, long position, long count) {
      return files.writeWith(file, position, count).doOnSuccess(done -> written(count));
    }
  }
}
