package io.meshclient.examples.demo;

import io.meshclient.examples.pods.Pod;
import io.meshclient.examples.pods.PodNetwork;
import io.meshclient.examples.pods.Sidecar;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Istio's sidecars: a pod for each service, and an Envoy in front of it, by the same YAML. Users
 * come in by the pod of an ingress, since a request of nobody is refused.
 */
final class PodWorld implements World {
  private static final String NAMESPACE = "production";
  private static final String INGRESS = "ingress";
  private static final List<String> SERVICES = List.of("web", "order-service", "payment-service");

  private final Path config;
  private final Map<String, Pod> pods = new LinkedHashMap<>();
  private @Nullable PodNetwork network;

  PodWorld(Path config) {
    this.config = config;
  }

  @Override
  public String description() {
    return "in pods, each behind an Envoy that takes its connections";
  }

  @Override
  public synchronized Map<String, String> begin() throws IOException, InterruptedException {
    PodNetwork made = PodNetwork.open(NAMESPACE, SERVICES);
    network = made;
    add(made, INGRESS, INGRESS, "v1");
    for (Fleet.Instance each : Fleet.INSTANCES) {
      add(made, each.pod(), each.service(), each.version());
    }
    List<Sidecar> sidecars = made.inject(List.of(config), List.copyOf(pods.values()));
    for (Sidecar sidecar : sidecars) {
      sidecar.launch();
    }
    for (Sidecar sidecar : sidecars) {
      sidecar.awaitReady();
    }
    return Map.of();
  }

  private void add(PodNetwork made, String pod, String service, String version) throws IOException {
    pods.put(pod, made.add(pod, service, version));
  }

  @Override
  public synchronized Place place(String pod, boolean isFront) {
    return new InPod(Objects.requireNonNull(pods.get(pod), pod));
  }

  @Override
  public List<String> endpoints(String service, List<ServiceProcess> instances) {
    return List.of();
  }

  @Override
  public synchronized String front(ServiceProcess web) throws IOException, InterruptedException {
    return Objects.requireNonNull(pods.get(INGRESS), INGRESS).forward("web", Pod.PORT);
  }

  @Override
  public List<Check> identityChecks(Fleet fleet) {
    return List.of();
  }

  @Override
  public synchronized void close() {
    if (network != null) {
      network.close();
    }
  }

  private record InPod(Pod pod) implements Place {
    @Override
    public List<String> command(List<String> command) {
      return pod.command(command);
    }

    @Override
    public Map<String, String> variables() {
      return Map.of("SERVICE_PORT", Integer.toString(Pod.PORT));
    }

    @Override
    public String url(int port) throws IOException, InterruptedException {
      return pod.forward("localhost", port);
    }
  }
}
