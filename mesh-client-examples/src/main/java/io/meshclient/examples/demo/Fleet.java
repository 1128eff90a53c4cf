package io.meshclient.examples.demo;

import io.meshclient.examples.pods.Jvm;
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
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The demo's services, wired to each other; {@link #close} ends them all. */
final class Fleet implements AutoCloseable {
  static final String ORDER_V1 = "order-service-v1-1";
  static final String PAYMENT = "payment-service-1";
  static final String OTHER_PAYMENT = "payment-service-2";

  /** Leads to order-service v2, of which there is one pod. */
  static final Map<String, String> BY_ONE_ORDER_POD = Map.of("x-canary", "true");

  /** The guide's 60 s are too long to wait for in a demo. */
  static final Duration BREAKER_OPEN = Duration.ofSeconds(2);

  /**
   * What runs: callees before their callers, which may have to know where.
   *
   * @param isFront whether users call it, who are nobody to the mesh
   */
  record Instance(String pod, String service, String version, boolean isFront) {}

  static final List<Instance> INSTANCES =
      List.of(
          new Instance(PAYMENT, "payment-service", "v1", false),
          new Instance(OTHER_PAYMENT, "payment-service", "v1", false),
          new Instance(ORDER_V1, "order-service", "v1", false),
          new Instance("order-service-v1-2", "order-service", "v1", false),
          new Instance("order-service-v2-1", "order-service", "v2", false),
          new Instance("web", "web", "v1", true));

  private static final String DENIED = "Denied: ";
  private static final String ENDPOINTS = "MESH_CLIENT_ENDPOINTS";

  private final Path directory;
  private final Map<String, String> mesh = new LinkedHashMap<>();
  private final Map<String, ServiceProcess> pods = new LinkedHashMap<>();
  private final World world;
  private final @Nullable Path springWeb;
  private volatile boolean closed;

  private Fleet(Path config, @Nullable Path springWeb, Function<Path, World> makeWorld) {
    this.springWeb = springWeb;
    mesh.put("MESH_CLIENT_CONFIG", config.toAbsolutePath().toString());
    mesh.put("POD_NAMESPACE", "production");
    mesh.put("MESH_CLIENT_HEADERS", "x-user-role");
    mesh.put("SERVICE_BREAKER_OPEN", Long.toString(BREAKER_OPEN.toSeconds()));
    try {
      directory = Files.createTempDirectory("mesh-demo");
    } catch (IOException e) {
      throw new DemoException("cannot make a temporary directory: " + e.getMessage(), e);
    }
    world = makeWorld.apply(directory);
  }

  /** An empty one, so that whoever has to end it knows it before it starts. */
  static Fleet of(Options options) {
    Path config = options.config();
    return new Fleet(
        config,
        options.springWeb(),
        options.istio() ? directory -> new PodWorld(config) : LoopbackWorld::new);
  }

  /**
   * What makes services report their spans soon.
   *
   * @param url of who receives them, by OTLP over gRPC
   */
  static Map<String, String> spansTo(String url) {
    return Map.of(
        "OTEL_EXPORTER_OTLP_ENDPOINT", url,
        "OTEL_METRICS_EXPORTER", "none",
        "OTEL_BSP_SCHEDULE_DELAY", "200");
  }

  /** Starts them all, and waits until web is well. */
  void start() throws IOException, InterruptedException {
    begin();
    String service = "";
    List<ServiceProcess> known = new ArrayList<>();
    for (Instance each : INSTANCES) {
      String name = nameOf(each);
      if (!name.equals(service)) {
        know(service, known);
        known.clear();
        service = name;
      }
      known.add(run(each));
    }
    for (ServiceProcess pod : pods()) {
      pod.port();
    }
    new Front(front()).awaitHealthy();
  }

  private synchronized void begin() throws IOException, InterruptedException {
    if (closed) {
      throw new DemoException("stopped");
    }
    mesh.putAll(world.begin());
  }

  /** With the version, where a service has several. */
  private static String nameOf(Instance instance) {
    return instance.service().equals("order-service")
        ? instance.service() + "/" + instance.version()
        : instance.service();
  }

  /** Where users call web. */
  String front() throws IOException, InterruptedException {
    return world.front(pod("web"));
  }

  World world() {
    return world;
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

  /** What a pod's log says of those that it did not let in, lately. */
  List<String> denials(String name) throws IOException {
    return pod(name).tail(20).stream()
        .filter(line -> line.contains(DENIED))
        .map(line -> line.substring(line.indexOf(DENIED)))
        .toList();
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
    world.close();
    delete();
  }

  private synchronized ServiceProcess run(Instance instance) {
    if (closed) {
      throw new DemoException("stopped");
    }
    Place place = world.place(instance.pod(), instance.isFront());
    ServiceProcess started =
        ServiceProcess.start(instance, place, directory, mesh, command(instance));
    pods.put(instance.pod(), started);
    return started;
  }

  private List<String> command(Instance instance) {
    return springWeb != null && instance.service().equals("web")
        ? Jvm.command(springWeb)
        : Jvm.command(Child.class, instance.service());
  }

  /** Tells the services that start after this where a service runs. */
  private void know(String service, List<ServiceProcess> instances) throws InterruptedException {
    List<String> endpoints = new ArrayList<>(world.endpoints(service, instances));
    if (endpoints.isEmpty()) {
      return;
    }
    mesh.merge(ENDPOINTS, String.join(",", endpoints), (before, more) -> before + "," + more);
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
