package io.meshclient.acceptance.pods;

import io.meshclient.examples.pods.Pod;
import io.meshclient.examples.pods.PodNetwork;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A program that makes pods, says which processes keep them, and leaves them be. */
final class HeldNetwork {
  static final String PROCESSES = "processes: ";

  private HeldNetwork() {}

  public static void main(String[] args) throws Exception {
    PodNetwork network = PodNetwork.open("production", List.of("web"));
    Pod pod = network.add("web", "web", "v1");
    pod.start("service", List.of("sleep", "600"), Map.of());
    System.out.println(
        PROCESSES
            + ProcessHandle.current()
                .descendants()
                .map(process -> Long.toString(process.pid()))
                .collect(Collectors.joining(" ")));
    Thread.currentThread().join();
  }
}
