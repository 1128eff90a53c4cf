package io.meshclient.spring.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.meshclient.MeshClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpMethod;
import org.springframework.http.StreamingHttpOutputMessage;
import org.springframework.web.client.HttpServerErrorException;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;

/** RestClient and RestTemplate on the mesh's client, against a real server. */
class RequestFactoryTest {
  private final MeshClient mesh = MeshClient.builder().build();
  private final MeshClientHttpRequestFactory factory =
      new MeshClientHttpRequestFactory(mesh.okHttpClient());
  private HttpServer server;
  private String url;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.start();
    url = "http://127.0.0.1:" + server.getAddress().getPort();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    mesh.close();
  }

  private RestClient rest() {
    return RestClient.builder().requestFactory(factory).baseUrl(url).build();
  }

  /** Answers with what came in. */
  private void echo(int status) {
    server.createContext(
        "/",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
  }

  @Test
  void streamed_body_is_on_its_way_before_it_is_complete() throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    server.createContext(
        "/",
        exchange -> {
          InputStream body = exchange.getRequestBody();
          body.read();
          arrived.countDown();
          body.readAllBytes();
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    var request = factory.createRequest(URI.create(url), HttpMethod.POST);
    ((StreamingHttpOutputMessage) request)
        .setBody(
            out -> {
              out.write("first".getBytes(StandardCharsets.UTF_8));
              out.flush();
              try {
                assertThat(arrived.await(20, TimeUnit.SECONDS)).as("the first part").isTrue();
              } catch (InterruptedException e) {
                throw new IOException(e);
              }
              out.write("second".getBytes(StandardCharsets.UTF_8));
            });
    try (var answer = request.execute()) {
      assertThat(answer.getStatusCode().value()).isEqualTo(200);
    }
  }

  @Test
  void bodies_go_and_come() {
    echo(200);
    assertThat(rest().post().body("text").retrieve().body(String.class)).isEqualTo("text");
    assertThat(new RestTemplate(factory).postForObject(url, "text", String.class))
        .isEqualTo("text");
  }

  @Test
  void answers_of_any_status_leave_no_connection_behind() {
    echo(503);
    for (int i = 0; i < 5; i++) {
      assertThatThrownBy(() -> rest().get().retrieve().toBodilessEntity())
          .isInstanceOf(HttpServerErrorException.class);
    }
    var pool = mesh.okHttpClient().connectionPool();
    assertThat(pool.connectionCount()).isEqualTo(pool.idleConnectionCount()).isPositive();
  }

  @Test
  void refusal_is_springs_exception_with_the_cause() throws IOException {
    // Bound, it is nobody else's, and as it does not listen, it refuses.
    try (Socket closed = new Socket()) {
      closed.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      String there = "http://127.0.0.1:" + closed.getLocalPort() + "/";
      assertThatThrownBy(() -> rest().get().uri(there).retrieve().body(String.class))
          .isInstanceOf(ResourceAccessException.class)
          .hasCauseInstanceOf(IOException.class);
    }
  }

  @Test
  void request_is_sent_once() throws IOException {
    echo(200);
    var request = factory.createRequest(URI.create(url), HttpMethod.GET);
    request.execute().close();
    assertThatThrownBy(request::execute)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("expected: once");
  }

  @Test
  void url_that_is_none_of_http_is_refused() {
    var request = factory.createRequest(URI.create("ftp://orders/"), HttpMethod.GET);
    assertThatThrownBy(request::execute)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("ftp://orders/ (expected: http or https");
  }
}
