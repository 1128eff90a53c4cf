package io.meshclient;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.istio.ConfigSource;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MirrorStageTest {
  private static final String RULES =
      """
      apiVersion: networking.istio.io/v1
      kind: VirtualService
      metadata: {name: orders, namespace: default}
      spec:
        hosts: [orders]
        http:
        - route: [{destination: {host: orders}}]
          mirror: {host: shadow}
          rewrite: {uri: /new}
          headers: {request: {set: {x-set: '1'}}}
          retries: {attempts: 2, retryOn: 5xx}
      """;

  private final List<Decision> decisions = new CopyOnWriteArrayList<>();

  private MeshClient client(RawServer orders, RawServer shadow) {
    return MeshClient.builder()
        .environment(Map.of())
        .service("web")
        .config(ConfigSource.yaml("rules.yaml", RULES))
        .endpoint("orders", orders.hostPort())
        .endpoint("shadow", shadow.hostPort())
        .onDecision(decisions::add)
        .build();
  }

  @Test
  void mirror_ofARequestThatIsRetried_isOneCopyOfWhatIsSent() throws Exception {
    try (RawServer orders =
            RawServer.start(e -> e.send("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"));
        RawServer shadow = RawServer.start(e -> e.send(RawServer.OK));
        MeshClient mesh = client(orders, shadow)) {
      Request request =
          new Request.Builder()
              .url("http://orders/x?q=1")
              .post(RequestBody.create("abc", null))
              .build();
      List<String> seen = new CopyOnWriteArrayList<>();
      OkHttpClient http =
          mesh.instrument(
                  new OkHttpClient.Builder()
                      .addInterceptor(
                          chain -> {
                            seen.add("application");
                            return chain.proceed(chain.request());
                          }))
              .build();
      try (Response response = http.newCall(request).execute()) {
        assertThat(response.code()).isEqualTo(500);
      }
      shadow.awaitRequests(1);
      http.connectionPool().evictAll();
      assertThat(orders.requests).hasSize(3);
      assertThat(shadow.requests).hasSize(1);
      RawServer.Exchange copy = shadow.requests.get(0);
      assertThat(copy.line).isEqualTo("POST /newx?q=1 HTTP/1.1");
      assertThat(copy.header("host")).isEqualTo("orders");
      assertThat(copy.header("x-set")).isEqualTo("1");
      assertThat(copy.body).isEqualTo("abc");
      assertThat(seen).containsExactly("application");
      assertThat(decisions).hasSize(1);
    }
  }

  @Test
  void mirror_thatNeverAnswers_holdsNobodyAndEndsWithTheClient() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    try (RawServer orders = RawServer.start(e -> e.send(RawServer.OK));
        RawServer shadow =
            RawServer.start(
                e -> {
                  never.await();
                  return false;
                })) {
      MeshClient mesh = client(orders, shadow);
      long start = System.nanoTime();
      for (int i = 0; i < 100; i++) {
        Request request = new Request.Builder().url("http://orders/x").build();
        try (Response response = mesh.okHttpClient().newCall(request).execute()) {
          assertThat(response.code()).isEqualTo(200);
        }
      }
      // A copy is given up after 15 s: who had waited for one would have waited for longer.
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(14));
      shadow.awaitRequests(32);
      mesh.close();
      for (Thread thread : threads()) {
        thread.join(30_000);
        assertThat(thread.isAlive()).isFalse();
      }
      assertThat(shadow.requests).hasSize(32);
    }
  }

  @Test
  void mirror_ofABodyThatIsSentOnce_isLeftOut() throws Exception {
    RequestBody once =
        new RequestBody() {
          @Override
          public okhttp3.MediaType contentType() {
            return null;
          }

          @Override
          public long contentLength() {
            return 3;
          }

          @Override
          public boolean isOneShot() {
            return true;
          }

          @Override
          public void writeTo(BufferedSink sink) throws IOException {
            sink.writeUtf8("abc");
          }
        };
    try (RawServer orders = RawServer.start(e -> e.send(RawServer.OK));
        RawServer shadow = RawServer.start(e -> e.send(RawServer.OK));
        MeshClient mesh = client(orders, shadow)) {
      Request request = new Request.Builder().url("http://orders/x").post(once).build();
      try (Response response = mesh.okHttpClient().newCall(request).execute()) {
        assertThat(response.code()).isEqualTo(200);
      }
      request = new Request.Builder().url("http://orders/y").build();
      mesh.okHttpClient().newCall(request).execute().close();
      shadow.awaitRequests(1);
      assertThat(shadow.requests.get(0).line).startsWith("GET");
    }
  }

  private static List<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("mesh-client-mirror-"))
        .toList();
  }
}
