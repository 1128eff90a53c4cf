package io.meshclient.mesh;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * What detection looks at; tests give it their own.
 *
 * @param proc the process's own directory
 * @param podinfo where the downward API mounts {@code annotations}
 * @param istio where Istio mounts its files into containers that it injects
 * @param variables the environment
 * @param nanoTime what time passes by
 */
public record Surroundings(
    Path proc,
    Path podinfo,
    Path istio,
    Map<String, String> variables,
    Prober prober,
    LongSupplier nanoTime) {

  public Surroundings {
    requireNonNull(proc, "proc");
    requireNonNull(podinfo, "podinfo");
    requireNonNull(istio, "istio");
    variables = Map.copyOf(variables);
    requireNonNull(prober, "prober");
    requireNonNull(nanoTime, "nanoTime");
  }

  /** The machine's own. */
  public static Surroundings real(Map<String, String> variables) {
    return new Surroundings(
        Path.of("/proc/self"),
        Path.of("/etc/podinfo"),
        Path.of("/etc/istio/proxy"),
        variables,
        new LoopbackProber(),
        System::nanoTime);
  }

  /** Whether this is a pod of a cluster, where a sidecar may yet come. */
  boolean isPod() {
    return variables.containsKey("KUBERNETES_SERVICE_HOST");
  }
}
