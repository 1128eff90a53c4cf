package io.meshclient.spring.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.MeshClient;
import io.meshclient.context.MeshContext;
import io.meshclient.istio.ConfigSource;
import io.meshclient.server.ServerPipeline;
import io.meshclient.spring.context.ReactorContexts;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpStatus;
import org.springframework.http.ZeroCopyHttpOutputMessage;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** What access logs of WebFlux say of a request whose lengths nobody announced. */
@Timeout(60)
class BytesOnNettyTest {
  private static final int SENT = 8561;
  private static final String DENIES =
      """
      apiVersion: security.istio.io/v1
      kind: AuthorizationPolicy
      metadata: {name: denied, namespace: default}
      spec:
        action: DENY
        rules:
          - to: [{operation: {paths: [/denied]}}]
      """;

  private final AtomicReference<String> requestId = new AtomicReference<>();
  @TempDir Path directory;

  @ParameterizedTest(name = "{0} {1}: {2}")
  @CsvSource({
    "GET, /single, 0 8561",
    "GET, /parts, 0 8561",
    "GET, /flushed, 0 8561",
    "GET, /file, 0 8561",
    "GET, /empty, 0 0",
    "GET, /unmodified, 0 0",
    "HEAD, /parts, 0 0",
    "POST, /parts, 700 8561",
    "GET, /denied, 0 19",
  })
  void log_has_the_bytes_that_passed(String method, String path, String expected) throws Exception {
    assertThat(logged("%BYTES_RECEIVED% %BYTES_SENT%", method, path)).containsExactly(expected);
  }

  @Test
  void log_has_the_request_id_that_was_made_and_the_answers_headers() throws Exception {
    List<String> lines = logged("%REQ(X-REQUEST-ID)% %RESP(X-OWN)%", "GET", "/empty");
    assertThat(requestId.get()).isNotNull();
    assertThat(lines).containsExactly(requestId.get() + " own");
  }

  private Mono<Void> answer(ServerWebExchange exchange) {
    ServerHttpResponse answer = exchange.getResponse();
    answer.getHeaders().set("x-own", "own");
    Mono<Void> read = DataBufferUtils.join(exchange.getRequest().getBody()).map(this::drop).then();
    Mono<DataBuffer> whole = Mono.fromSupplier(() -> buffer(answer, SENT));
    Flux<DataBuffer> parts = Flux.range(0, SENT).map(i -> buffer(answer, 1));
    Mono<Void> written =
        switch (exchange.getRequest().getPath().value()) {
          case "/single" -> answer.writeWith(whole);
          case "/parts" -> answer.writeWith(parts);
          case "/flushed" -> answer.writeAndFlushWith(parts.window(1_000));
          case "/file" -> sendFile((ZeroCopyHttpOutputMessage) answer);
          case "/unmodified" -> {
            answer.setStatusCode(HttpStatus.NOT_MODIFIED);
            yield answer.setComplete();
          }
          default -> answer.setComplete();
        };
    return Mono.deferContextual(
        view -> {
          requestId.set(MeshContext.from(ReactorContexts.of(view)).requestId());
          return read.then(written);
        });
  }

  private boolean drop(DataBuffer buffer) {
    return DataBufferUtils.release(buffer);
  }

  private Mono<Void> sendFile(ZeroCopyHttpOutputMessage answer) {
    try {
      Path file = Files.write(directory.resolve("file"), new byte[SENT + 100]);
      return answer.writeWith(file, 100, SENT);
    } catch (IOException e) {
      return Mono.error(e);
    }
  }

  private static DataBuffer buffer(ServerHttpResponse answer, int length) {
    return answer.bufferFactory().wrap(new byte[length]);
  }

  private List<String> logged(String format, String method, String path) throws Exception {
    Path file = directory.resolve("access.log");
    MeshClient mesh =
        MeshClient.builder()
            .environment(Map.of())
            .namespace("default")
            .config(ConfigSource.yaml("rules.yaml", DENIES))
            .meshConfig("accessLogFile: %s\naccessLogFormat: '%s'\n".formatted(file, format))
            .build();
    try (mesh) {
      HttpResponse<byte[]> response = ask(mesh, method, path);
      assertThat(response.body().length)
          .as("what the client has")
          .isIn(0, SENT, "RBAC: access denied".length());
      while (!Files.exists(file)) { // the line is written behind the answer
        Thread.onSpinWait();
      }
    }
    return Files.readAllLines(file);
  }

  private HttpResponse<byte[]> ask(MeshClient mesh, String method, String path) throws Exception {
    DisposableServer server =
        HttpServer.create()
            .host("127.0.0.1")
            .port(0)
            .handle(
                new ReactorHttpHandlerAdapter(
                    WebHttpHandlerBuilder.webHandler(this::answer)
                        .filter(
                            new MeshWebFilter(
                                ServerPipeline.builder().inboundRules(mesh).build(), 0))
                        .build()))
            .bindNow();
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
              .version(HttpClient.Version.HTTP_1_1)
              .method(
                  method,
                  method.equals("POST")
                      ? BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[700]))
                      : BodyPublishers.noBody())
              .build();
      HttpResponse<byte[]> response =
          HttpClient.newHttpClient().send(request, BodyHandlers.ofByteArray());
      return response;
    } finally {
      server.disposeNow();
    }
  }
}
