package io.meshclient;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.istio.ConfigSource;
import io.meshclient.istio.Configuration;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Fifty callers while the policy is swapped ten times a second: for 30 s, or as long as the system
 * property {@code meshclient.reload.seconds} says. No two policies in a row have a cluster in
 * common, and each is large enough that policies left behind would show on the heap.
 */
@Timeout(300)
class ReloadUnderLoadTest {
  private static final int CALLERS = 50;
  private static final Duration TIME =
      Duration.ofSeconds(Integer.getInteger("meshclient.reload.seconds", 30));
  private static final int OTHERS = 8;

  private static final long HEAP_SLACK = 6L << 20;

  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicInteger swaps = new AtomicInteger();
  private final AtomicReference<String> unexplained = new AtomicReference<>();
  private volatile boolean over;

  /**
   * Calls and swaps share it, and a look has it alone: what is under way holds policies, which on a
   * busy machine are as many as there are callers.
   */
  private final ReadWriteLock underWay = new ReentrantReadWriteLock(true);

  /** What there is of something that must not grow. */
  private record Look(long heap, long threads) {}

  @Test
  void swaps_failNoCall_andLeaveNothingBehind() throws Exception {
    ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
    ScheduledExecutorService swapper = Executors.newSingleThreadScheduledExecutor();
    try (RawServer v1 = RawServer.startForgetful(Misbehaviour.NONE);
        RawServer v2 = RawServer.startForgetful(Misbehaviour.NONE);
        MeshClient mesh =
            MeshClient.builder()
                .environment(Map.of())
                .config(ConfigSource.yaml("rules.yaml", rules(0)))
                .endpoint("orders", "v1", v1.hostPort())
                .endpoint("orders", "v2", v2.hostPort())
                .onDecision(this::check)
                .build()) {
      OkHttpClient http = mesh.okHttpClient();
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        running.add(callers.submit(() -> call(http)));
      }
      Future<?> swapping =
          swapper.scheduleAtFixedRate(() -> swap(mesh), 100, 100, TimeUnit.MILLISECONDS);
      Look early = lookAfter(TIME.dividedBy(3), swapping);
      Look late = lookAfter(TIME.minus(TIME.dividedBy(3)), swapping);
      swapping.cancel(false);
      over = true;
      for (Future<?> caller : running) {
        caller.get();
      }
      swapper.shutdown();
      assertThat(swapper.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
      assertThat(unexplained.get()).isNull();
      assertThat(calls.get()).isGreaterThan(CALLERS);
      assertThat((long) swaps.get()).as("swaps").isGreaterThan(TIME.toSeconds());
      assertThat(late.heap()).as("heap").isLessThan(early.heap() + HEAP_SLACK);
      assertThat(late.threads()).as("threads").isLessThanOrEqualTo(early.threads() + 5);
      assertThat(http.connectionPool().connectionCount()).isLessThanOrEqualTo(2 * CALLERS);
      Leftovers.none(mesh, http);
    } finally {
      over = true;
      callers.shutdownNow();
      swapper.shutdownNow();
    }
  }

  /** Lets time pass, unless a swap fails. */
  private Look lookAfter(Duration time, Future<?> swapping) throws Exception {
    try {
      swapping.get(time.toNanos(), TimeUnit.NANOSECONDS);
      throw new AssertionError("the swapping ended");
    } catch (java.util.concurrent.TimeoutException e) {
      return locked(underWay.writeLock(), () -> new Look(Leftovers.heap(), Leftovers.threads()));
    }
  }

  private static <T> T locked(Lock lock, Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  private void swap(MeshClient mesh) {
    locked(
        underWay.readLock(),
        () -> {
          int round = swaps.incrementAndGet();
          mesh.apply(Configuration.read(ConfigSource.yaml("rules.yaml", rules(round))));
          Leftovers.states(mesh);
          return round;
        });
  }

  /**
   * Every third policy aborts with 418, the others alternate between versions; all the rest of them
   * has names of its own.
   */
  private static String rules(int round) {
    String fault =
        round % 3 == 2 ? "fault: {abort: {httpStatus: 418, percentage: {value: 100}}}" : "";
    StringBuilder yaml =
        new StringBuilder(
            """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: orders}
            spec:
              hosts: [orders]
              http:
              - name: round-%d
                route: [{destination: {host: orders, subset: r%d}}]
                timeout: 10s
                %s
            ---
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: orders}
            spec:
              host: orders
              subsets: [{name: r%d, labels: {version: v%d}}]
            """
                .formatted(round, round, fault, round, 1 + round % 2));
    for (int i = 0; i < OTHERS; i++) {
      yaml.append(
          """
          ---
          apiVersion: networking.istio.io/v1
          kind: ServiceEntry
          metadata: {name: other-%d-%d}
          spec:
            hosts: [other-%d-%d.example]
            ports: [{number: 80, name: http, protocol: HTTP}]
            resolution: STATIC
            endpoints: [{address: 127.0.0.1}, {address: 127.0.0.2}, {address: 127.0.0.3}]
          """
              .formatted(round, i, round, i));
    }
    return yaml.toString();
  }

  /** An answer is the endpoint's to the first try, or the fault that its policy asks for. */
  private void check(Decision decision) {
    boolean answered = decision.status() == 200 && decision.attempts().size() == 1;
    boolean aborted = decision.status() == 418 && decision.flags().equals("FI");
    boolean faulty = decision.rule() != null && round(decision.rule().name()) % 3 == 2;
    if (!(faulty ? aborted : answered)) {
      unexplained.compareAndSet(null, decision.toString());
    }
  }

  private static int round(String rule) {
    return Integer.parseInt(rule.substring("round-".length()));
  }

  private void call(OkHttpClient http) {
    Request request = new Request.Builder().url("http://orders/x").build();
    while (!over) {
      String wrong = locked(underWay.readLock(), () -> call(http, request));
      unexplained.compareAndSet(null, wrong);
      calls.incrementAndGet();
    }
  }

  /** What was wrong with the answer, if anything. */
  private static @Nullable String call(OkHttpClient http, Request request) {
    try (Response response = http.newCall(request).execute()) {
      String body = response.body().string();
      boolean right = body.equals(response.code() == 418 ? "fault filter abort" : "ok");
      return right ? null : response.code() + " " + body;
    } catch (IOException e) {
      return e.toString();
    }
  }
}
