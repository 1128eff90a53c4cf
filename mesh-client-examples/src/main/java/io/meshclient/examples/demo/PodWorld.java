package io.meshclient.examples.demo;

import io.meshclient.examples.pods.Pod;
import io.meshclient.examples.pods.PodNetwork;
import io.meshclient.examples.pods.Sidecar;
import io.meshclient.examples.spans.CollectedSpans;
import io.meshclient.examples.spans.SpanSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * Istio's sidecars: a pod for each service, and an Envoy in front of it, by the same YAML. Users
 * come in by the pod of an ingress, since a request of nobody is refused.
 */
final class PodWorld implements World {
  private static final Duration ANSWER = Duration.ofSeconds(15);
  private static final String NAMESPACE = "production";
  private static final String INGRESS = "ingress";
  private static final String STRANGER = "stranger";
  private static final String MISLED = "misled";

  private static final String ASTRAY =
      """
      apiVersion: discovery.k8s.io/v1
      kind: EndpointSlice
      metadata:
        name: payment-service-astray
        namespace: production
        labels:
          kubernetes.io/service-name: payment-service
      addressType: IPv4
      endpoints:
      - addresses: ["%s"]
        conditions:
          ready: true
      ports:
      - name: http
        port: %d
      ---
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata:
        name: payment-service-dr
        namespace: production
      spec:
        host: payment-service
        trafficPolicy:
          tls:
            mode: ISTIO_MUTUAL
            subjectAltNames: ["%s"]
      """;

  private static final List<String> SERVICES = List.of("web", "order-service", "payment-service");

  private final Path config;
  private final Map<String, Pod> pods = new LinkedHashMap<>();
  private final OkHttpClient http = new OkHttpClient.Builder().callTimeout(ANSWER).build();
  private @Nullable PodNetwork network;
  private @Nullable SpanSource spans;

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
    Pod collector = made.addCollector();
    spans = new CollectedSpans(http, collector.forward("localhost", PodNetwork.COLLECTOR_PORT));
    add(made, INGRESS, INGRESS, "v1");
    for (Fleet.Instance each : Fleet.INSTANCES) {
      add(made, each.pod(), each.service(), each.version());
    }
    pods.put(STRANGER, made.add("staging", STRANGER, STRANGER, "v1"));
    List<Sidecar> sidecars =
        new ArrayList<>(made.inject(List.of(config), List.copyOf(pods.values())));
    add(made, MISLED, "web", "v1");
    sidecars.addAll(made.inject(List.of(astray(made)), List.of(pod(MISLED))));
    for (Sidecar sidecar : sidecars) {
      sidecar.launch();
    }
    for (Sidecar sidecar : sidecars) {
      sidecar.awaitReady();
    }
    return Fleet.spansTo("http://" + collector.address() + ":" + PodNetwork.COLLECTOR_PORT);
  }

  /** Has whoever reads it take a pod of order-service for payment-service's only one. */
  private Path astray(PodNetwork made) throws IOException {
    Path file = Files.createTempFile("astray", ".yaml");
    file.toFile().deleteOnExit();
    return Files.writeString(
        file,
        ASTRAY.formatted(pod(Fleet.ORDER_V1).address(), Pod.PORT, made.id("payment-service")));
  }

  private Pod pod(String name) {
    return Objects.requireNonNull(pods.get(name), name);
  }

  private void add(PodNetwork made, String pod, String service, String version) throws IOException {
    pods.put(pod, made.add(pod, service, version));
  }

  @Override
  public synchronized Place place(String pod, boolean isFront) {
    return new InPod(pod(pod));
  }

  @Override
  public List<String> endpoints(String service, List<ServiceProcess> instances) {
    return List.of();
  }

  @Override
  public synchronized String front(ServiceProcess web) throws IOException, InterruptedException {
    return pod(INGRESS).forward("web", Pod.PORT);
  }

  @Override
  public List<Check> identityChecks(Fleet fleet) {
    return new PodIdentityChecks(pod(STRANGER), pod(MISLED)).all();
  }

  @Override
  public synchronized SpanSource spans() {
    return Objects.requireNonNull(spans, "spans");
  }

  @Override
  public boolean hasSidecars() {
    return true;
  }

  @Override
  public synchronized void close() {
    http.connectionPool().evictAll();
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
