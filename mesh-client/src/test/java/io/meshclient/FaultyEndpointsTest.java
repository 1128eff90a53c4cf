package io.meshclient;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.istio.ConfigSource;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fifty callers, and endpoints that do all that endpoints should not. */
@Timeout(120)
class FaultyEndpointsTest {
  private static final int CALLERS = 50;
  private static final int CALLS = 8;
  private static final Duration TIME = Duration.ofMillis(1_000);

  /** What cores that others use as well may add; nothing that an endpoint does ends within it. */
  private static final Duration SLACK = Duration.ofSeconds(20);

  private static final String RULES =
      """
      apiVersion: networking.istio.io/v1
      kind: VirtualService
      metadata: {name: orders}
      spec:
        hosts: [orders]
        http:
        - route: [{destination: {host: orders}}]
          timeout: 1s
          retries: {attempts: 2, retryOn: '5xx,reset', perTryTimeout: 0.3s}
      """;

  private final Map<String, List<Decision>> decisions = new ConcurrentHashMap<>();
  private final List<End> ends = new CopyOnWriteArrayList<>();
  private final CountDownLatch aQuarter = new CountDownLatch(CALLERS * CALLS / 4);
  private final CountDownLatch half = new CountDownLatch(CALLERS * CALLS / 2);
  private final CountDownLatch back = new CountDownLatch(1);
  private final Map<Misbehaviour, RawServer> servers = new EnumMap<>(Misbehaviour.class);

  /**
   * How a call ended.
   *
   * @param status 0 where there was no answer
   */
  private record End(String path, int status, boolean brokenOff, Duration took) {}

  /** Makes a call and waits for its end. */
  private interface Way {
    void call(OkHttpClient http, Request request) throws Exception;
  }

  @AfterEach
  void close() throws IOException {
    for (RawServer server : servers.values()) {
      server.close();
    }
  }

  @ParameterizedTest(name = "execute on {0} threads")
  @CsvSource({"PLATFORM", "VIRTUAL"})
  void everyCall_executed_endsOnceAndInTime_andLeavesNothing(CallerThreads threads)
      throws Exception {
    everyCallEndsOnce(threads, this::execute);
  }

  @ParameterizedTest(name = "enqueue on {0} threads")
  @CsvSource({"PLATFORM", "VIRTUAL"})
  void everyCall_enqueued_endsOnceAndInTime_andLeavesNothing(CallerThreads threads)
      throws Exception {
    everyCallEndsOnce(threads, this::enqueue);
  }

  private void everyCallEndsOnce(CallerThreads threads, Way way) throws Exception {
    for (Misbehaviour misbehaviour : Misbehaviour.values()) {
      servers.put(misbehaviour, RawServer.start(misbehaviour));
    }
    RawServer dying = RawServer.start(Misbehaviour.NONE);
    ExecutorService callers = threads.start();
    ExecutorService dispatching = threads.start();
    try (dying;
        MeshClient mesh = mesh(dying)) {
      OkHttpClient http = client(mesh, dispatching);
      List<Future<?>> running = new ArrayList<>();
      for (int caller = 0; caller < CALLERS; caller++) {
        String path = "/" + caller + "/";
        running.add(callers.submit((Callable<Void>) () -> calls(http, path, way)));
      }
      assertThat(aQuarter.await(60, TimeUnit.SECONDS)).isTrue();
      dying.goAway();
      assertThat(half.await(60, TimeUnit.SECONDS)).isTrue();
      int before = dying.served();
      dying.comeBack();
      back.countDown();
      for (Future<?> caller : running) {
        caller.get();
      }
      assertThat(dying.served()).as("requests after the return").isGreaterThan(before);
      checkEnds();
      Leftovers.none(mesh, http);
      http.connectionPool().evictAll();
      assertThat(http.connectionPool().connectionCount()).isZero();
    } finally {
      callers.shutdownNow();
      dispatching.shutdownNow();
    }
    for (RawServer server : servers.values()) {
      assertThat(server.served()).isPositive();
      server.awaitClosed();
    }
  }

  private void checkEnds() {
    assertThat(ends).extracting(End::path).doesNotHaveDuplicates().hasSize(CALLERS * CALLS);
    assertThat(decisions).hasSize(CALLERS * CALLS);
    for (End end : ends) {
      assertThat(end.took()).as("%s", end).isLessThan(TIME.plus(SLACK));
      assertThat(end.status()).as("%s", end).isIn(200, 503, 504);
      assertThat(end.brokenOff() && end.status() != 200).as("%s", end).isFalse();
      assertThat(decisions.get(end.path()))
          .as("%s", end)
          .extracting(Decision::status)
          .containsExactly(end.status());
    }
    assertThat(ends).anyMatch(End::brokenOff).anyMatch(end -> !end.brokenOff());
  }

  private MeshClient mesh(RawServer dying) {
    MeshClientBuilder builder =
        MeshClient.builder()
            .environment(Map.of())
            .config(ConfigSource.yaml("rules.yaml", RULES))
            .endpoint("orders", dying.hostPort())
            .onDecision(
                decision ->
                    decisions
                        .computeIfAbsent(decision.path(), path -> new CopyOnWriteArrayList<>())
                        .add(decision));
    servers.values().forEach(server -> builder.endpoint("orders", server.hostPort()));
    return builder.build();
  }

  private static OkHttpClient client(MeshClient mesh, ExecutorService dispatching) {
    Dispatcher dispatcher = new Dispatcher(dispatching);
    dispatcher.setMaxRequests(CALLERS);
    dispatcher.setMaxRequestsPerHost(CALLERS);
    return mesh.instrument(new OkHttpClient.Builder().dispatcher(dispatcher)).build();
  }

  private Void calls(OkHttpClient http, String path, Way way) throws Exception {
    for (int i = 0; i < CALLS; i++) {
      way.call(http, new Request.Builder().url("http://orders" + path + i).build());
      aQuarter.countDown();
      half.countDown();
      if (half.getCount() == 0) {
        assertThat(back.await(60, TimeUnit.SECONDS)).isTrue();
      }
    }
    return null;
  }

  private void execute(OkHttpClient http, Request request) {
    long start = System.nanoTime();
    try (Response response = http.newCall(request).execute()) {
      ended(request, response, start);
    } catch (IOException e) {
      ended(request, null, start);
    }
  }

  private void enqueue(OkHttpClient http, Request request) throws Exception {
    CompletableFuture<Void> over = new CompletableFuture<>();
    long start = System.nanoTime();
    http.newCall(request)
        .enqueue(
            new Callback() {
              @Override
              public void onResponse(Call call, Response response) {
                try (response) {
                  ended(request, response, start);
                }
                over.complete(null);
              }

              @Override
              public void onFailure(Call call, IOException e) {
                ended(request, null, start);
                over.complete(null);
              }
            });
    over.get(30, TimeUnit.SECONDS);
  }

  private void ended(Request request, Response response, long start) {
    boolean brokenOff = false;
    if (response != null) {
      try {
        response.body().string();
      } catch (IOException e) {
        brokenOff = true;
      }
    }
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    int status = response == null ? 0 : response.code();
    ends.add(new End(request.url().encodedPath(), status, brokenOff, took));
  }
}
