package io.meshclient.examples.demo;

import io.meshclient.cli.identity.WorkloadApiServer;
import io.meshclient.identity.LocalAuthority;
import io.meshclient.identity.SpiffeId;
import io.meshclient.identity.TrustDomain;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The demo's services, wired to each other; {@link #close} ends them all. */
final class Fleet implements AutoCloseable {
  static final String ORDER_V1 = "order-service-v1-1";
  static final String PAYMENT = "payment-service-1";
  static final String OTHER_PAYMENT = "payment-service-2";

  /** The guide's 60 s are too long to wait for in a demo. */
  static final Duration BREAKER_OPEN = Duration.ofSeconds(2);

  /** Who has an identity, and no business here. */
  static final String STRANGER = "stranger";

  private static final String TRUST_DOMAIN = "cluster.local";
  private static final String SOCKET = "agent.sock";

  private final Path directory;
  private final Map<String, String> mesh = new LinkedHashMap<>();
  private final Map<String, ServiceProcess> pods = new LinkedHashMap<>();
  private @Nullable WorkloadApiServer authority;
  private volatile boolean closed;

  private Fleet(Path config) {
    mesh.put("MESH_CLIENT_CONFIG", config.toAbsolutePath().toString());
    mesh.put("POD_NAMESPACE", "production");
    mesh.put("SERVICE_BREAKER_OPEN", Long.toString(BREAKER_OPEN.toSeconds()));
    try {
      directory = Files.createTempDirectory("mesh-demo");
    } catch (IOException e) {
      throw new DemoException("cannot make a temporary directory: " + e.getMessage(), e);
    }
  }

  /** An empty one, so that whoever has to end it knows it before it starts. */
  static Fleet of(Path config) {
    return new Fleet(config);
  }

  /** Starts callees before their callers, which have to know their ports. */
  void start() throws IOException, InterruptedException {
    serveIdentities();
    run(PAYMENT, "payment-service", "v1", "web,order-service");
    run(OTHER_PAYMENT, "payment-service", "v1", "web,order-service");
    know("payment-service", PAYMENT, OTHER_PAYMENT);
    run(ORDER_V1, "order-service", "v1", "web");
    run("order-service-v1-2", "order-service", "v1", "web");
    run("order-service-v2-1", "order-service", "v2", "web");
    know("order-service/v1", "order-service-v1-1", "order-service-v1-2");
    know("order-service/v2", "order-service-v2-1");
    run("web", "web", "v1", "");
    Front.awaitHealthy(pod("web"));
  }

  /** The SPIFFE Workload API of an authority that is made for this run, and gone after it. */
  private synchronized void serveIdentities() throws IOException {
    LocalAuthority made = LocalAuthority.of(TrustDomain.parse(TRUST_DOMAIN)).build();
    authority =
        WorkloadApiServer.start(
            directory.resolve(SOCKET),
            made,
            Stream.of("web", "order-service", "payment-service", STRANGER).map(Fleet::id).toList());
    mesh.put("SPIFFE_ENDPOINT_SOCKET", identities());
  }

  /** Where identities are handed out, as {@code SPIFFE_ENDPOINT_SOCKET} has it. */
  String identities() {
    return "unix://" + directory.resolve(SOCKET);
  }

  static SpiffeId id(String service) {
    return SpiffeId.parse("spiffe://" + TRUST_DOMAIN + "/ns/production/sa/" + service);
  }

  synchronized List<ServiceProcess> pods() {
    return List.copyOf(pods.values());
  }

  synchronized ServiceProcess pod(String name) {
    ServiceProcess pod = pods.get(name);
    if (pod == null) {
      throw new IllegalArgumentException(
          "pod: " + name + " (expected: one of " + pods.keySet() + ")");
    }
    return pod;
  }

  /** The first that ends, if one does. */
  CompletableFuture<Object> anyEnded() {
    return CompletableFuture.anyOf(
        pods().stream().map(ServiceProcess::ended).toArray(CompletableFuture<?>[]::new));
  }

  /** Whether the services are being ended, or have been. */
  boolean isClosed() {
    return closed;
  }

  void printLogs(PrintStream out) {
    for (ServiceProcess pod : pods()) {
      out.println("--- the end of the log of " + pod.pod());
      try {
        pod.tail(15).forEach(out::println);
      } catch (IOException | UncheckedIOException e) {
        out.println("cannot be read: " + e.getMessage());
      }
    }
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    List<ServiceProcess> all = new ArrayList<>(pods.values());
    all.forEach(ServiceProcess::stop);
    all.forEach(ServiceProcess::close);
    if (authority != null) {
      authority.close();
    }
    delete();
  }

  /**
   * @param callers services that may call it, by mutual TLS; empty for plain requests of anybody
   */
  private synchronized void run(String pod, String service, String version, String callers) {
    if (closed) {
      throw new DemoException("stopped");
    }
    Map<String, String> variables = new LinkedHashMap<>(mesh);
    variables.put("SERVICE_CALLERS", callers);
    pods.put(pod, ServiceProcess.start(pod, service, version, directory, variables));
  }

  /** Tells the services that start after this where a service runs. */
  private void know(String service, String... pods) throws InterruptedException {
    List<String> endpoints = new ArrayList<>();
    String known = mesh.getOrDefault("MESH_CLIENT_ENDPOINTS", "");
    if (!known.isEmpty()) {
      endpoints.add(known);
    }
    for (String pod : pods) {
      endpoints.add(service + "=127.0.0.1:" + pod(pod).port());
    }
    mesh.put("MESH_CLIENT_ENDPOINTS", String.join(",", endpoints));
  }

  private void delete() {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException | UncheckedIOException e) {
      System.err.println("cannot delete " + directory + ": " + e.getMessage());
    }
  }
}
