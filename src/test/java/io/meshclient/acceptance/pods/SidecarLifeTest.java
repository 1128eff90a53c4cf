package io.meshclient.acceptance.pods;

import static io.meshclient.acceptance.pods.Service.ORDER_V2;
import static io.meshclient.acceptance.pods.Service.PAYMENT;
import static io.meshclient.acceptance.pods.Service.WEB;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.acceptance.pods.Pods.Answer;
import io.meshclient.acceptance.pods.Pods.Caller;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an application sees of a sidecar that is late, or gone for a while. */
@Tag("envoy")
@Tag("netns")
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class SidecarLifeTest {
  private static final Service[] SERVICES = {WEB, ORDER_V2, PAYMENT};

  /** Answers that say enough. */
  private static final int ENOUGH = 40;

  /** Answers within which things have to change. */
  private static final int MOST = 5_000;

  @TempDir Path directory;

  @BeforeAll
  static void assumePods() {
    Machine.assumePods();
  }

  @Test
  void sidecarKilledUnderLoad_failsCallsAtOnceUntilItIsBack() throws Exception {
    try (Pods pods = pods()) {
      pods.startSidecars().startServices(Map.of(), SERVICES);
      Caller web = pods.from(WEB.pod(), "localhost");
      try (Load load = Load.of(4, () -> web.get("/pay").status())) {
        assertThat(load.next(ENOUGH)).containsOnly(200);

        pods.sidecar(WEB.pod()).kill();
        assertThat(load.until(List.of(502), MOST)).isTrue();
        assertThat(load.next(ENOUGH)).containsOnly(502);

        pods.sidecar(WEB.pod()).start();
        assertThat(load.until(List.of(200, 200, 200, 200), MOST)).isTrue();
        assertThat(load.next(ENOUGH)).containsOnly(200);
      }
    }
  }

  @Test
  void sidecarThatStartsLate_failsCallsUntilThen() throws Exception {
    try (Pods pods = pods()) {
      pods.startServices(Map.of(), SERVICES);
      Caller web = pods.from(WEB.pod(), "localhost");
      Answer early = web.get("/pay");
      assertThat(early.status()).isEqualTo(502);
      assertThat(early.body()).contains("\"status\":0");

      pods.startSidecars();
      assertThat(web.get("/pay").status()).isEqualTo(200);
    }
  }

  private Pods pods() throws Exception {
    Path none = Files.createDirectory(directory.resolve("none"));
    return Pods.injected(none, directory, SERVICES);
  }
}
