package io.meshclient.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.ContextPropagators;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AccessLogWriterTest {
  private static final int WAITING = 8192;
  private static final String LINE = "a line\n";

  private final CountDownLatch reached = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);
  private final AtomicInteger written = new AtomicInteger();

  /** Like a pipe whose reader has stopped. */
  private final class Stuck extends OutputStream {
    @Override
    public void write(int b) {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) {
      reached.countDown();
      try {
        released.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      written.addAndGet(
          (int)
              new String(bytes, from, length, StandardCharsets.UTF_8)
                  .chars()
                  .filter(c -> c == '\n')
                  .count());
    }
  }

  @Test
  void fullQueue_isCounted_andHoldsNobody() throws Exception {
    PrintStream before = System.out;
    System.setOut(new PrintStream(new Stuck(), true, StandardCharsets.UTF_8));
    try (MeshTelemetry telemetry = MeshTelemetry.builder().environment(Map.of()).build();
        RequestTelemetry requests =
            RequestTelemetry.create(
                telemetry.openTelemetry(),
                ContextPropagators.noop(),
                Peer.NOBODY,
                AccessLogWriterTest::policy)) {
      log(requests, 1);
      assertThat(reached.await(30, TimeUnit.SECONDS)).isTrue();
      log(requests, WAITING);
      assertThat(dropped(telemetry)).isEqualTo("0");
      log(requests, 1000); // on this thread: were it held, the test would not end
      assertThat(released.getCount()).isOne();
      assertThat(dropped(telemetry)).isEqualTo("1000");
      assertThat(telemetry.prometheus()).contains("# TYPE mesh_access_log_dropped_total counter");
      released.countDown();
    } finally {
      released.countDown();
      System.setOut(before);
    }
    assertThat(written).hasValue(1 + WAITING);
  }

  private static TelemetryPolicy policy() {
    AccessLogSink sink = new AccessLogSink("/dev/stdout", AccessLogFormat.text(LINE, false), null);
    SidePolicy client = new SidePolicy(TracingPolicy.NONE, MetricsPolicy.ALL, List.of(sink));
    return new TelemetryPolicy(client, SidePolicy.NONE, null, List.of());
  }

  private static void log(RequestTelemetry requests, int lines) {
    for (int i = 0; i < lines; i++) {
      requests.count(FakeFacts.get("/", 200), Context.root(), true);
    }
  }

  private static String dropped(MeshTelemetry telemetry) {
    return telemetry
        .prometheus()
        .lines()
        .filter(line -> line.startsWith("mesh_access_log_dropped"))
        .findFirst()
        .map(line -> line.substring(line.lastIndexOf(' ') + 1))
        .orElse("nothing");
  }
}
