package io.meshclient.acceptance.pods;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshclient.examples.pods.Jvm;
import io.meshclient.examples.pods.Pod;
import io.meshclient.examples.pods.PodNetwork;
import io.meshclient.examples.pods.PodProcess;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("envoy")
@Tag("netns")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class PodNetworkTest {
  private static final int SECONDS = 50;

  private int said;

  @BeforeAll
  static void assumePods() {
    Machine.assumePods();
  }

  @Test
  void networks_doNotMeet() throws Exception {
    try (PodNetwork one = PodNetwork.open("production", List.of("web"));
        PodNetwork other = PodNetwork.open("staging", List.of("api"))) {
      Pod first = one.add("a", "web", "v1");
      Pod second = other.add("a", "api", "v1");
      assertThat(first.address()).isEqualTo(second.address());
      assertThat(said(first, "getent", "hosts", "web.production.svc.cluster.local"))
          .contains(one.services().get("web"));
      assertThat(said(second, "getent", "hosts", "web.production.svc.cluster.local")).isEmpty();
      assertThat(said(first, "ip", "-o", "-4", "addr")).contains("10.77.0.1/16");
      assertThatThrownBy(() -> one.add("a", "web", "v1"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("\"a\"");
    }
  }

  @Test
  void killedProgram_leavesNothingBehind() throws Exception {
    Process program =
        new ProcessBuilder(Jvm.command(HeldNetwork.class))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    List<ProcessHandle> kept = new ArrayList<>();
    try {
      BufferedReader out = program.inputReader(StandardCharsets.UTF_8);
      String line = String.valueOf(out.readLine());
      assertThat(line).startsWith(HeldNetwork.PROCESSES);
      for (String pid : line.substring(HeldNetwork.PROCESSES.length()).split(" ", -1)) {
        Optional<ProcessHandle> process = ProcessHandle.of(Long.parseLong(pid));
        process.ifPresent(kept::add);
      }
      assertThat(kept).hasSizeGreaterThanOrEqualTo(4).allMatch(ProcessHandle::isAlive);
    } finally {
      program.destroyForcibly();
    }
    for (ProcessHandle process : kept) {
      process.onExit().get(SECONDS, TimeUnit.SECONDS);
    }
  }

  private String said(Pod pod, String... command) throws Exception {
    String log = "said" + said++;
    PodProcess process = pod.start(log, List.of(command), Map.of());
    process.ended().get(SECONDS, TimeUnit.SECONDS);
    return String.join("\n", process.lines());
  }
}
