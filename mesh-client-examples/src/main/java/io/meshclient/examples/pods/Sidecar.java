package io.meshclient.examples.pods;

import io.meshclient.cli.export.ExportCommand;
import io.meshclient.identity.PemDirectorySource;
import io.meshclient.identity.WorkloadIdentity;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/**
 * An Envoy in front of a pod's application, with what {@code mesh export envoy} makes of the
 * configuration. Made by {@link PodNetwork#inject}, which already leads the pod's connections to
 * it: until {@link #start} they are refused. May be shared by threads.
 */
public final class Sidecar {
  private static final Duration START = Duration.ofSeconds(90);
  private static final String USER = Integer.toString(Interception.SIDECAR_USER);

  private final Pod pod;
  private final Path bootstrap;
  private @Nullable PodProcess process;

  private Sidecar(Pod pod, Path bootstrap) {
    this.pod = pod;
    this.bootstrap = bootstrap;
  }

  /** Where a pod has Envoy. */
  static Path program(Path directory) {
    return directory.resolve("envoy");
  }

  /**
   * Redirects the pod's connections, and writes what Envoy needs.
   *
   * @param config Istio's YAML, and what is known of the pods
   * @param collector where spans go, HOST:PORT; {@code null} for nowhere
   */
  static Sidecar of(
      Pod pod, WorkloadIdentity identity, List<Path> config, @Nullable String collector)
      throws IOException {
    pod.inside().run(Interception.RULES, "iptables-restore", "-w");
    Path certificates = pod.directory().resolve("certificates");
    PemDirectorySource.write(certificates, identity);
    Path bootstrap = pod.directory().resolve("envoy.json");
    export(pod, certificates, config, collector, bootstrap);
    giveAway(certificates);
    giveAway(bootstrap);
    return new Sidecar(pod, bootstrap);
  }

  /** Starts Envoy, and waits until it listens. */
  public synchronized void start() throws IOException, InterruptedException {
    launch();
    awaitReady();
  }

  /** Starts Envoy, without waiting; {@link #awaitReady} does. */
  public synchronized void launch() throws IOException {
    if (process != null && process.isAlive()) {
      throw new IllegalStateException("the sidecar of " + pod.name() + " runs (expected: not yet)");
    }
    process = pod.start("envoy", command(), Map.of());
  }

  /** Waits until it listens on both sides. */
  public void awaitReady() throws IOException, InterruptedException {
    PodProcess started = running();
    pod.awaitListening(started, Interception.OUTBOUND_PORT, START);
    pod.awaitListening(started, Interception.INBOUND_PORT, START);
  }

  /** Ends it as a crash does; it may be started again. */
  public void kill() {
    running().kill();
  }

  /** What Envoy has written so far: warnings, and its access log. */
  public List<String> lines() throws IOException {
    return running().lines();
  }

  private synchronized PodProcess running() {
    if (process == null) {
      throw new IllegalStateException("the sidecar of " + pod.name() + " was not started");
    }
    return process;
  }

  private List<String> command() {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("setpriv", "--reuid", USER, "--regid", USER, "--clear-groups", "--"));
    command.addAll(List.of(program(pod.directory()).toString(), "-c", bootstrap.toString()));
    // Sidecars have the same numbers of processes; one worker is enough for a demonstration.
    command.addAll(List.of("--disable-hot-restart", "--concurrency", "1", "-l", "warning"));
    return command;
  }

  private static void export(
      Pod pod, Path certificates, List<Path> config, @Nullable String collector, Path bootstrap)
      throws IOException {
    List<String> options = new ArrayList<>(List.of("envoy"));
    for (Path path : config) {
      options.addAll(List.of("--config", path.toString()));
    }
    options.addAll(List.of("--namespace", pod.namespace(), "--labels", pod.labels()));
    options.addAll(List.of("--name", pod.name(), "--address", pod.address()));
    options.addAll(List.of("--service-account", pod.app()));
    options.addAll(List.of("--inbound", Integer.toString(Pod.PORT)));
    options.addAll(List.of("--certs", certificates.toString(), "--output", bootstrap.toString()));
    if (collector != null) {
      options.addAll(List.of("--tracing", collector));
    }
    StringWriter said = new StringWriter();
    int status =
        new CommandLine(ExportCommand.class)
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setErr(new PrintWriter(said, true))
            .execute(options.toArray(String[]::new));
    if (status != 0) {
      throw new IOException(pod.name() + ": no configuration for its sidecar: " + said);
    }
  }

  /** A private key is for its owner alone. */
  private static void giveAway(Path path) throws IOException {
    try (Stream<Path> files = Files.walk(path)) {
      for (Path each : files.toList()) {
        Files.setAttribute(each, "unix:uid", Interception.SIDECAR_USER);
        Files.setPosixFilePermissions(
            each,
            PosixFilePermissions.fromString(Files.isDirectory(each) ? "rwx------" : "rw-------"));
      }
    }
  }
}
