package io.meshclient.acceptance.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.MeshClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Fifty callers while the files change ten times a second: for 5 s, or as long as the system
 * property {@code meshclient.reload.seconds} says.
 */
@Timeout(180)
class ReloadUnderLoadTest {
  private static final int CALLERS = 50;
  private static final int SECONDS = Integer.getInteger("meshclient.reload.seconds", 5);

  @TempDir Path directory;
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicReference<String> unexplained = new AtomicReference<>();

  @Test
  void swaps_failNoCall_andLeaveNothingBehind() throws Exception {
    write(0);
    ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
    try (BadServer v1 = new BadServer(BadServer.Way.GOOD);
        BadServer v2 = new BadServer(BadServer.Way.GOOD);
        MeshClient mesh =
            MeshClient.builder()
                .environment(Map.of())
                .config(directory)
                .endpoint("orders", "v1", v1.hostPort())
                .endpoint("orders", "v2", v2.hostPort())
                .build()) {
      long until = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
      OkHttpClient http = mesh.okHttpClient();
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        running.add(
            callers.submit(
                (Callable<Void>)
                    () -> {
                      call(http, until);
                      return null;
                    }));
      }
      long halfway = until - Duration.ofSeconds(SECONDS).toNanos() / 2;
      int round = swap(1, halfway);
      int threadsBefore = threads();
      swap(round, until);
      int threadsAfter = threads();
      for (Future<?> caller : running) {
        caller.get();
      }
      assertThat(unexplained.get()).isNull();
      assertThat(calls.get()).isGreaterThan(CALLERS);
      assertThat(threadsAfter).isLessThanOrEqualTo(threadsBefore + 5);
      assertThat(http.connectionPool().connectionCount())
          .isEqualTo(http.connectionPool().idleConnectionCount())
          .isLessThanOrEqualTo(2 * CALLERS);
    } finally {
      callers.shutdownNow();
    }
  }

  private int swap(int first, long until) throws Exception {
    int round = first;
    while (System.nanoTime() < until) {
      write(round++);
      Thread.sleep(100);
    }
    return round;
  }

  /** Every third policy aborts with 418, the others alternate between versions. */
  private void write(int round) throws IOException {
    String fault =
        round % 3 == 2 ? "fault: {abort: {httpStatus: 418, percentage: {value: 100}}}" : "";
    String yaml =
        """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: orders}
        spec:
          hosts: [orders]
          http:
          - route: [{destination: {host: orders, subset: v%d}}]
            timeout: 10s
            %s
        ---
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: {name: orders}
        spec:
          host: orders
          subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]
        """
            .formatted(1 + round % 2, fault);
    Path next = directory.resolve("orders.yaml.next");
    Files.writeString(next, yaml);
    Files.move(
        next,
        directory.resolve("orders.yaml"),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  private void call(OkHttpClient http, long until) {
    Request request = new Request.Builder().url("http://orders/x").build();
    while (System.nanoTime() < until) {
      try (Response response = http.newCall(request).execute()) {
        int status = response.code();
        String body = response.body().string();
        boolean explained =
            status == 200 && body.equals("ok")
                || status == 418 && body.equals("fault filter abort");
        if (!explained) {
          unexplained.set(status + " " + body);
        }
      } catch (IOException e) {
        unexplained.set(e.toString());
      }
      calls.incrementAndGet();
    }
  }

  /** But for the servers', of which each connection has one, and OkHttp's, which dial and go. */
  private static int threads() {
    return (int)
        Thread.getAllStackTraces().keySet().stream()
            .map(Thread::getName)
            .filter(name -> !name.equals("bad-server") && !name.startsWith("OkHttp TaskRunner"))
            .count();
  }
}
