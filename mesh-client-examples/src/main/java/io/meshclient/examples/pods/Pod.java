package io.meshclient.examples.pods;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A pod: an address, processes that see each other and nobody else, and names of services that lead
 * to their addresses. Made by {@link PodNetwork#add}. May be shared by threads.
 */
public final class Pod implements AutoCloseable {
  /** Where applications listen in all of them. */
  public static final int PORT = 8080;

  private final String name;
  private final String namespace;
  private final String app;
  private final String version;
  private final String address;
  private final Namespace inside;
  private final Path directory;
  private final List<PodProcess> processes = new ArrayList<>();
  private volatile boolean injected;
  private @Nullable Door door;

  Pod(
      String name,
      String namespace,
      String app,
      String version,
      String address,
      Namespace inside,
      Path directory) {
    this.name = name;
    this.namespace = namespace;
    this.app = app;
    this.version = version;
    this.address = address;
    this.inside = inside;
    this.directory = directory;
  }

  public String name() {
    return name;
  }

  /** In Kubernetes' sense. */
  public String namespace() {
    return namespace;
  }

  /** Its service, and its service account. */
  public String app() {
    return app;
  }

  public String version() {
    return version;
  }

  /** As {@code --labels} takes them. */
  String labels() {
    return "app=" + app + ",version=" + version;
  }

  /** From now on others know that it has a sidecar, and speak mutual TLS to it. */
  void markInjected() {
    injected = true;
  }

  boolean isInjected() {
    return injected;
  }

  /** Its address among the pods, such as {@code 10.77.0.3}. */
  public String address() {
    return address;
  }

  /** For what belongs to it; everybody may read there. */
  Path directory() {
    return directory;
  }

  Namespace inside() {
    return inside;
  }

  /**
   * Starts a process in it, as root.
   *
   * @param log the name of the file that gets what it writes
   * @param variables besides those of this process
   */
  public synchronized PodProcess start(
      String log, List<String> command, Map<String, String> variables) throws IOException {
    PodProcess started =
        PodProcess.start(inside, command, variables, directory.resolve(log + ".log"));
    processes.add(started);
    return started;
  }

  /** What runs a command in it, and waits for that: signals are for its child. */
  public List<String> command(List<String> command) {
    return inside.command(command);
  }

  /**
   * Waits until somebody in it listens on a port.
   *
   * @param process whose end ends the waiting
   * @throws IOException if nobody does in time, or the process has ended; with what it wrote last
   */
  public void awaitListening(PodProcess process, int port, Duration patience)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    while (!Listening.on(inside.holder(), port)) {
      if (!process.isAlive() || System.nanoTime() - end > 0) {
        List<String> lines = process.lines();
        throw new IOException(
            "%s: nobody listens on port %d %s: %s"
                .formatted(
                    name,
                    port,
                    process.isAlive()
                        ? "after " + patience.toSeconds() + " s"
                        : "and the process has ended",
                    String.join(
                        "\n", lines.subList(Math.max(0, lines.size() - 10), lines.size()))));
      }
      Thread.sleep(20);
    }
  }

  /**
   * A port of this machine's loopback address that leads into the pod: who connects there connects
   * from within the pod, as its application does, to that host and port. To {@code localhost} is
   * what {@code kubectl port-forward} does; other names lead through the pod's sidecar.
   *
   * @return its URL
   */
  public synchronized String forward(String host, int port)
      throws IOException, InterruptedException {
    if (door == null) {
      door = Door.open(this);
    }
    return "http://127.0.0.1:" + door.forward(host, port);
  }

  /** Ends all that runs in it, and it. */
  @Override
  public synchronized void close() {
    processes.forEach(PodProcess::stop);
    processes.forEach(PodProcess::close);
    if (door != null) {
      door.close();
    }
    inside.close();
  }
}
