package io.meshclient.spring.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.meshclient.MeshClient;
import io.meshclient.context.MeshContext;
import io.opentelemetry.context.Scope;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.BodyInserters;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** WebClient on the mesh's client, against a real server. */
class ConnectorTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final MeshClient mesh = MeshClient.builder().build();
  private final OkHttpClient http =
      MeshWebClientAutoConfiguration.withoutQueue(mesh.okHttpClient());
  private HttpServer server;
  private WebClient web;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.start();
    web =
        WebClient.builder()
            .clientConnector(new MeshClientHttpConnector(http))
            .baseUrl("http://127.0.0.1:" + server.getAddress().getPort())
            .build();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    threads.shutdownNow();
    mesh.close();
  }

  private void answers(String path, String text) {
    server.createContext(
        path,
        exchange -> {
          byte[] body = text.getBytes(StandardCharsets.UTF_8);
          exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
  }

  @Test
  void more_than_five_calls_to_a_host_run_at_once() throws Exception {
    CountDownLatch all = new CountDownLatch(20);
    server.createContext(
        "/",
        exchange -> {
          all.countDown();
          try {
            all.await(20, TimeUnit.SECONDS);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    List<Integer> answers =
        Flux.range(0, 20)
            .flatMap(
                i ->
                    web.get()
                        .uri("/")
                        .exchangeToMono(answer -> Mono.just(answer.statusCode().value())),
                20)
            .collectList()
            .block(SOON);
    assertThat(answers).hasSize(20).containsOnly(200);
    assertThat(all.getCount()).isZero();
  }

  @Test
  void answer_that_nobody_reads_leaves_no_connection_behind() {
    answers("/", "text");
    for (int i = 0; i < 10; i++) {
      web.get().uri("/").exchangeToMono(answer -> answer.releaseBody()).block(SOON);
    }
    web.get().uri("/").retrieve().toBodilessEntity().block(SOON);
    assertThat(http.connectionPool().connectionCount())
        .isEqualTo(http.connectionPool().idleConnectionCount())
        .isEqualTo(1);
  }

  @Test
  void cancelled_call_is_cancelled_at_the_server_too() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch gone = new CountDownLatch(1);
    server.createContext(
        "/",
        exchange -> {
          asked.countDown();
          try (exchange) {
            exchange.sendResponseHeaders(200, 0);
            OutputStream body = exchange.getResponseBody();
            byte[] part = new byte[64 << 10];
            for (int i = 0; i < 10_000; i++) {
              body.write(part);
            }
          } catch (IOException e) {
            gone.countDown();
          }
        });
    Flux<byte[]> endless = web.get().uri("/").retrieve().bodyToFlux(byte[].class);
    assertThat(endless.take(1).blockLast(SOON)).isNotNull();
    assertThat(asked.getCount()).isZero();
    assertThat(gone.await(30, TimeUnit.SECONDS)).as("server heard of it").isTrue();
  }

  @Test
  void call_that_is_cancelled_before_its_answer_leaves_nothing_under_way() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch may = new CountDownLatch(1);
    server.createContext(
        "/",
        exchange -> {
          asked.countDown();
          try {
            may.await(20, TimeUnit.SECONDS);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          exchange.close();
        });
    var subscription = web.get().uri("/").retrieve().bodyToMono(String.class).subscribe();
    assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
    CountDownLatch idle = new CountDownLatch(1);
    http.dispatcher().setIdleCallback(idle::countDown);
    subscription.dispose();
    assertThat(idle.await(20, TimeUnit.SECONDS)).as("dispatcher is idle").isTrue();
    may.countDown();
    assertThat(http.dispatcher().runningCallsCount()).isZero();
  }

  @Test
  void streamed_body_arrives() {
    server.createContext(
        "/",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    Flux<org.springframework.core.io.buffer.DataBuffer> parts =
        Flux.range(0, 3)
            .map(
                i ->
                    DefaultDataBufferFactory.sharedInstance.wrap(
                        ("part" + i).getBytes(StandardCharsets.UTF_8)));
    String echoed =
        web.post()
            .uri("/")
            .contentType(MediaType.APPLICATION_OCTET_STREAM)
            .body(BodyInserters.fromDataBuffers(parts))
            .retrieve()
            .bodyToMono(String.class)
            .block(SOON);
    assertThat(echoed).isEqualTo("part0part1part2");
  }

  @Test
  void call_carries_the_subscribing_threads_context() {
    server.createContext(
        "/",
        exchange -> {
          String canary = exchange.getRequestHeaders().getFirst("x-canary");
          byte[] body = String.valueOf(canary).getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    try (Scope scope = MeshContext.builder().set("x-canary", "true").build().makeCurrent()) {
      assertThat(web.get().uri("/").retrieve().bodyToMono(String.class).block(SOON))
          .isEqualTo("true");
    }
  }
}
