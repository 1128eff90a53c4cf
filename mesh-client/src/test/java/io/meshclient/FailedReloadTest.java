package io.meshclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshclient.istio.Problem;
import io.meshclient.istio.ProblemsPage;
import io.meshclient.policy.Explanation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import okhttp3.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An edit that fails in a way that nothing foresaw: here because the clock does. */
@Timeout(60)
class FailedReloadTest {
  @TempDir Path directory;
  private final AtomicInteger failures = new AtomicInteger();
  private volatile boolean broken;

  @Test
  void edit_thatFails_isTold_andLeavesThePolicy_andTheNextIsRead() throws Exception {
    write(201);
    try (MeshClient mesh = client()) {
      broken = true;
      write(202);
      await(() -> failures.get() == 1 && !mesh.problems().isEmpty());
      assertThat(mesh.problems()).extracting(Problem::code).containsExactly("MESH0601");
      Problem told = mesh.problems().get(0);
      ProblemsPage.Row row = ProblemsPage.rows().get("MESH0601");
      assertThat(row.isExampledBy(told.message())).as(told.message()).isTrue();
      assertThat(told.severity()).isEqualTo(Problem.Severity.ERROR);
      assertThat(status(mesh)).isEqualTo(201);

      write(203);
      await(() -> failures.get() == 2);
      assertThat(status(mesh)).isEqualTo(201);

      broken = false;
      write(204);
      await(() -> status(mesh) == 204);
      assertThat(mesh.problems()).isEmpty();
    }
  }

  @Test
  void firstConfiguration_thatFails_leavesNoThread() throws Exception {
    write(201);
    broken = true;
    assertThatThrownBy(this::client).isInstanceOf(IllegalStateException.class);
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().equals("mesh-config-watcher")) {
        thread.join(TimeUnit.SECONDS.toMillis(20));
        assertThat(thread.isAlive()).isFalse();
      }
    }
  }

  private MeshClient client() {
    return MeshClient.builder()
        .environment(Map.of())
        .config(directory)
        .clock(
            () -> {
              if (broken) {
                failures.incrementAndGet();
                throw new IllegalStateException("no time");
              }
              return System.nanoTime();
            })
        .build();
  }

  /** Each has a cluster of its own, whose ejections begin with a look at the clock. */
  private void write(int status) throws IOException {
    Path file = directory.resolve("rules.part");
    Files.writeString(
        file,
        """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: orders}
        spec:
          hosts: [orders]
          http: [{directResponse: {status: %1$d}}]
        ---
        apiVersion: networking.istio.io/v1
        kind: ServiceEntry
        metadata: {name: other-%1$d}
        spec:
          hosts: [other-%1$d.example]
          ports: [{number: 80, name: http, protocol: HTTP}]
          resolution: STATIC
          endpoints: [{address: 127.0.0.1}]
        ---
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: {name: other-%1$d}
        spec:
          host: other-%1$d.example
          trafficPolicy: {outlierDetection: {maxEjectionPercent: 100}}
        """
            .formatted(status));
    Files.move(file, directory.resolve("rules.yaml"), StandardCopyOption.ATOMIC_MOVE);
  }

  private static int status(MeshClient mesh) {
    Request request = new Request.Builder().url("http://orders/").build();
    return ((Explanation.Answered) mesh.explain(request, 0).outcome()).status();
  }

  private static void await(BooleanSupplier event) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!event.getAsBoolean()) {
      assertThat(System.nanoTime() - end).as("nanoseconds over time").isNegative();
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }
}
