package io.meshclient.examples.demo;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringTokenizer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A service in a process of its own, on a free port of the loopback address. */
final class ServiceProcess implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(30);
  private static final Duration STOP = Duration.ofSeconds(4);
  private static final String LISTENING = " listening on port ";

  private final String pod;
  private final Process process;
  private final Path log;
  private final Path fault;
  private final CompletableFuture<Integer> port = new CompletableFuture<>();
  private final Thread reader;

  private ServiceProcess(String pod, Process process, Path log, Path fault) {
    this.pod = pod;
    this.process = process;
    this.log = log;
    this.fault = fault;
    this.reader = new Thread(this::copyOutput, "output of " + pod);
  }

  /**
   * Starts a service; {@link #port} waits until it listens.
   *
   * @param service as {@code Main} knows it
   * @param directory for its log and the file that makes it fail
   */
  static ServiceProcess start(
      String pod, String service, String version, Path directory, Map<String, String> variables) {
    Path log = directory.resolve(pod + ".log");
    Path fault = directory.resolve(pod + ".fault");
    ProcessBuilder builder = new ProcessBuilder(command(service)).redirectErrorStream(true);
    Map<String, String> environment = builder.environment();
    // What the user's shell may have set for a service of their own is not for these.
    environment.keySet().removeIf(name -> name.matches("(MESH_CLIENT|SERVICE|POD|OTEL|SPIFFE)_.*"));
    environment.putAll(variables);
    environment.put("SERVICE_ADDRESS", "127.0.0.1");
    environment.put("SERVICE_PORT", "0");
    environment.put("SERVICE_VERSION", version);
    environment.put("SERVICE_FAULTS", fault.toString());
    environment.put("POD_NAME", pod);
    try {
      ServiceProcess started = new ServiceProcess(pod, builder.start(), log, fault);
      started.reader.setDaemon(true);
      started.reader.start();
      return started;
    } catch (IOException e) {
      throw new DemoException("cannot start " + pod + ": " + e.getMessage(), e);
    }
  }

  String pod() {
    return pod;
  }

  /** Where it listens, once it does. */
  int port() throws InterruptedException {
    try {
      return port.get(START.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new DemoException(pod + " ended before it listened", e);
    } catch (TimeoutException e) {
      throw new DemoException(pod + " does not listen after " + START.toSeconds() + " s", e);
    }
  }

  String url() throws InterruptedException {
    return "http://127.0.0.1:" + port();
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
    List<String> all = Files.exists(log) ? Files.readAllLines(log) : List.of();
    return all.subList(Math.max(0, all.size() - lines), all.size());
  }

  /** Tells it to end, without waiting. */
  void stop() {
    process.destroy();
  }

  /** Ends it, by force if it takes too long. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor(STOP.toMillis(), TimeUnit.MILLISECONDS);
      }
      reader.join(STOP.toMillis());
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private static List<String> command(String service) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // Six of them start at once and live for seconds: quick to start, and small.
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx96m"));
    command.addAll(List.of("-cp", absolute(System.getProperty("java.class.path"))));
    command.addAll(List.of(Child.class.getName(), service));
    return command;
  }

  private static String absolute(String classPath) {
    List<String> paths = new ArrayList<>();
    StringTokenizer parts = new StringTokenizer(classPath, File.pathSeparator);
    while (parts.hasMoreTokens()) {
      paths.add(Path.of(parts.nextToken()).toAbsolutePath().toString());
    }
    return String.join(File.pathSeparator, paths);
  }

  /** Into its log, until it ends; one of the first lines says where it listens. */
  private void copyOutput() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
        BufferedWriter out = Files.newBufferedWriter(log)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        out.write(line);
        out.newLine();
        out.flush();
        int at = line.indexOf(LISTENING);
        if (at >= 0 && !port.isDone()) {
          port.complete(Integer.parseInt(line.substring(at + LISTENING.length()).strip()));
        }
      }
      port.completeExceptionally(new IOException(pod + " has ended"));
    } catch (IOException | NumberFormatException e) {
      port.completeExceptionally(e);
    }
  }
}
