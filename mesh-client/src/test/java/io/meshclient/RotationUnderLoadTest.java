package io.meshclient;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.identity.TestAuthority;
import io.meshclient.identity.TestIdentity;
import io.meshclient.istio.ConfigSource;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import okhttp3.Call;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Certificates that live for six to seven seconds, renewed each second at both ends, under 50
 * callers: no request may fail, while the first ones expire. Retries are off, so that none can hide
 * a failure. For 10 s, or as long as {@code meshclient.rotation.seconds} says.
 */
@Timeout(180)
class RotationUnderLoadTest {
  private static final String WEB = "spiffe://cluster.local/ns/shop/sa/web";
  private static final String PAY = "spiffe://cluster.local/ns/shop/sa/pay";
  private static final int CALLERS = 50;

  /** The machine is to have time for the renewals, too. */
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /**
   * Certificates count whole seconds: this makes at least six, of which the machine may stand still
   * for five.
   */
  private static final Duration LIFE = Duration.ofSeconds(7);

  private static final int SECONDS = Integer.getInteger("meshclient.rotation.seconds", 10);

  private static final String NO_RETRIES =
      """
      apiVersion: networking.istio.io/v1
      kind: VirtualService
      metadata: {name: pay, namespace: shop}
      spec:
        hosts: [pay]
        http:
          - route: [{destination: {host: pay}}]
            retries: {attempts: 0}
      """;

  private final TestAuthority authority = new TestAuthority("cluster.local");
  private final TestIdentity web = new TestIdentity(authority.identity(WEB, LIFE));
  private final TestIdentity pay = new TestIdentity(authority.identity(PAY, LIFE));
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private final AtomicInteger answered = new AtomicInteger();
  private final AtomicInteger rotations = new AtomicInteger();

  private void rotate() {
    // Not at once: for a moment one end has the new and the other the old.
    if (rotations.getAndIncrement() % 2 == 0) {
      web.set(authority.identity(WEB, LIFE));
    } else {
      pay.set(authority.identity(PAY, LIFE));
    }
  }

  /** The callers take all of the machine that they get; whoever renews comes first. */
  private static Thread first(Runnable work) {
    Thread thread = new Thread(work, "rotating");
    thread.setDaemon(true);
    thread.setPriority(Thread.MAX_PRIORITY);
    return thread;
  }

  private void call(MeshClient mesh, long end) {
    for (int i = 0; System.nanoTime() - end < 0; i++) {
      Request.Builder request = new Request.Builder().url("http://pay:8080/x");
      if (i % 3 == 0) {
        request.post(RequestBody.create("x", null));
      }
      Call call = mesh.okHttpClient().newCall(request.build());
      try (Response response = call.execute()) {
        String body = response.body().string();
        if (response.code() == 200 && body.equals(WEB)) {
          answered.incrementAndGet();
        } else {
          failures.add(response.code() + " " + body + " " + mesh.decision(call));
        }
      } catch (IOException e) {
        failures.add(e.toString());
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  @Test
  void rotation_failsNoRequest() throws Exception {
    ScheduledExecutorService rotating =
        Executors.newSingleThreadScheduledExecutor(RotationUnderLoadTest::first);
    rotating.scheduleAtFixedRate(this::rotate, 0, 500, TimeUnit.MILLISECONDS);
    ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
    try (MutualServer server = new MutualServer(pay, true);
        MeshClient mesh =
            MeshClient.builder()
                .environment(Map.of())
                .namespace("shop")
                .identity(web)
                .mutualTls("pay")
                .endpoint("pay", server.hostPort())
                .config(ConfigSource.yaml("route.yaml", NO_RETRIES))
                .build()) {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
      for (int i = 0; i < CALLERS; i++) {
        callers.execute(() -> call(mesh, end));
      }
      callers.shutdown();
      assertThat(callers.awaitTermination(SECONDS + 60L, TimeUnit.SECONDS)).isTrue();
      assertThat(failures).isEmpty();
      assertThat(answered.get()).isGreaterThan(CALLERS);
      assertThat(rotations.get()).isGreaterThanOrEqualTo(SECONDS);
      assertThat(server.clientPorts.size()).as("connections").isGreaterThan(CALLERS);
      assertThat(mesh.stages().tls().rotated().size()).as("kept").isLessThanOrEqualTo(CALLERS * 2);
    } finally {
      rotating.shutdownNow();
      callers.shutdownNow();
    }
  }
}
