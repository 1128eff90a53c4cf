package io.meshclient.examples.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A service in a process of its own. */
final class ServiceProcess implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(90);
  private static final Duration STOP = Duration.ofSeconds(4);
  private static final String FAULT = "Fault: ";
  private static final String LISTENING = " listening on port ";

  private final String pod;
  private final Process process;
  private final Place place;
  private final Path log;
  private final Path fault;

  private ServiceProcess(String pod, Process process, Place place, Path log, Path fault) {
    this.pod = pod;
    this.process = process;
    this.place = place;
    this.log = log;
    this.fault = fault;
  }

  /**
   * Starts a service; {@link #port} waits until it listens.
   *
   * @param directory for its log and the file that makes it fail
   * @param variables besides those of its place
   * @param command runs the service
   */
  static ServiceProcess start(
      Fleet.Instance instance,
      Place place,
      Path directory,
      Map<String, String> variables,
      List<String> command) {
    String pod = instance.pod();
    Path log = directory.resolve(pod + ".log");
    Path fault = directory.resolve(pod + ".fault");
    // It writes by itself: what it wrote before an answer is there when the answer is.
    ProcessBuilder builder =
        new ProcessBuilder(place.command(command))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    Map<String, String> environment = builder.environment();
    // What the user's shell may have set for a service of their own is not for these.
    environment.keySet().removeIf(name -> name.matches("(MESH_CLIENT|SERVICE|POD|OTEL|SPIFFE)_.*"));
    environment.putAll(variables);
    environment.putAll(place.variables());
    environment.put("SERVICE_VERSION", instance.version());
    environment.put("SERVICE_FAULTS", fault.toString());
    environment.put("POD_NAME", pod);
    environment.put("SERVICE_ENDS_WITH_PARENT", "true");
    try {
      return new ServiceProcess(pod, builder.start(), place, log, fault);
    } catch (IOException e) {
      throw new DemoException("cannot start " + pod + ": " + e.getMessage(), e);
    }
  }

  String pod() {
    return pod;
  }

  /** Where it listens, once it does. */
  int port() throws InterruptedException {
    long end = System.nanoTime() + START.toNanos();
    while (true) {
      boolean over = !process.isAlive() || System.nanoTime() - end > 0;
      int port = saidPort();
      if (port > 0) {
        return port;
      }
      if (over) {
        throw new DemoException(
            process.isAlive()
                ? pod + " does not listen after " + START.toSeconds() + " s"
                : pod + " ended before it listened");
      }
      Thread.sleep(20);
    }
  }

  /** 0 if it has not said. */
  private int saidPort() {
    try {
      for (String line : lines()) {
        int at = line.indexOf(LISTENING);
        if (at >= 0) {
          return Integer.parseInt(line.substring(at + LISTENING.length()).strip());
        }
      }
      return 0;
    } catch (IOException e) {
      throw new DemoException("cannot read what " + pod + " says: " + e.getMessage(), e);
    }
  }

  String url() throws IOException, InterruptedException {
    return place.url(port());
  }

  Path faultFile() {
    return fault;
  }

  /**
   * Makes it fail from the next request on, as its {@code SERVICE_FAULTS} explains.
   *
   * @param words empty for no more
   */
  void fault(String words) throws IOException {
    Path written = Files.writeString(fault.resolveSibling(fault.getFileName() + ".new"), words);
    Files.move(written, fault, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  CompletableFuture<ServiceProcess> ended() {
    return process.onExit().thenApply(ended -> this);
  }

  /** The last lines that it wrote. */
  List<String> tail(int lines) throws IOException {
    List<String> all = lines();
    return all.subList(Math.max(0, all.size() - lines), all.size());
  }

  /** How often it has done so far what {@link #fault} told it. */
  long faults() throws IOException {
    return lines().stream().filter(line -> line.contains(FAULT)).count();
  }

  private List<String> lines() throws IOException {
    return Files.exists(log) ? Files.readAllLines(log) : List.of();
  }

  /** Tells it to end, without waiting. */
  void stop() {
    signal(ProcessHandle::destroy);
  }

  /** What enters a pod waits for its child, which is the service. */
  private void signal(Consumer<ProcessHandle> signal) {
    List<ProcessHandle> children = process.children().toList();
    (children.isEmpty() ? List.of(process.toHandle()) : children).forEach(signal);
  }

  /** Ends it, by force if it takes too long. */
  @Override
  public void close() {
    stop();
    try {
      if (!process.waitFor(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
        signal(ProcessHandle::destroyForcibly);
        process.waitFor(STOP.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      signal(ProcessHandle::destroyForcibly);
      Thread.currentThread().interrupt();
    }
  }
}
