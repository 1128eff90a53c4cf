package io.meshclient.examples.demo;

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

/** The demo's services, wired to each other; {@link #close} ends them all. */
final class Fleet implements AutoCloseable {
  static final String ORDER_V1 = "order-service-v1-1";
  static final String PAYMENT = "payment-service-1";
  static final String OTHER_PAYMENT = "payment-service-2";

  /** The guide's 60 s are too long to wait for in a demo. */
  static final Duration BREAKER_OPEN = Duration.ofSeconds(2);

  private final Path directory;
  private final Map<String, String> mesh = new LinkedHashMap<>();
  private final Map<String, ServiceProcess> pods = new LinkedHashMap<>();
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
  void start() throws InterruptedException {
    run(PAYMENT, "payment-service", "v1");
    run(OTHER_PAYMENT, "payment-service", "v1");
    know("payment-service", PAYMENT, OTHER_PAYMENT);
    run(ORDER_V1, "order-service", "v1");
    run("order-service-v1-2", "order-service", "v1");
    run("order-service-v2-1", "order-service", "v2");
    know("order-service/v1", "order-service-v1-1", "order-service-v1-2");
    know("order-service/v2", "order-service-v2-1");
    run("web", "web", "v1");
    for (ServiceProcess pod : pods()) {
      Front.awaitHealthy(pod);
    }
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
    delete();
  }

  private synchronized void run(String pod, String service, String version) {
    if (closed) {
      throw new DemoException("stopped");
    }
    pods.put(pod, ServiceProcess.start(pod, service, version, directory, mesh));
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
