package io.meshclient.acceptance.replay;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A {@code mesh proxy}, or another server of ours, as a process of its own, which ends with this
 * one at the latest.
 */
public final class MeshProcess implements AutoCloseable {

  /** The jar that the build has made, seen from this module. */
  public static final Path JAR = Path.of("..", "..", "mesh-client-cli", "target", "mesh.jar");

  private static final Pattern READY =
      Pattern.compile("(?:[a-z-]+ )?listening on (?:([0-9.]+):|port )([0-9]+)");
  private static final int START_SECONDS = 60;
  private static final int STOP_SECONDS = 10;

  private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

  static {
    Thread last = new Thread(() -> RUNNING.forEach(Process::destroyForcibly), "end-proxies");
    Runtime.getRuntime().addShutdownHook(last);
  }

  private final Process process;
  private final Path errors;
  private final InetSocketAddress address;

  private MeshProcess(Process process, Path errors) throws IOException {
    this.process = process;
    this.errors = errors;
    this.address = awaitReady();
  }

  /**
   * Starts a proxy and waits until it is ready.
   *
   * @param arguments of the command: {@code proxy outbound --listen ...}
   * @param errors the file that gets its standard error
   * @throws IOException if it does not become ready
   */
  public static MeshProcess start(List<String> arguments, Path errors) throws IOException {
    return start(JAR, arguments, Map.of(), errors);
  }

  /**
   * Starts a jar and waits until it listens.
   *
   * @param variables of its environment, beside this process's
   * @param errors the file that gets its standard error
   * @throws IOException if it does not
   */
  public static MeshProcess start(
      Path jar, List<String> arguments, Map<String, String> variables, Path errors)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-jar", jar.toString()));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
    builder.environment().putAll(variables);
    Process process = builder.start();
    RUNNING.add(process);
    try {
      return new MeshProcess(process, errors);
    } catch (IOException | RuntimeException e) {
      end(process);
      throw e;
    }
  }

  public InetSocketAddress address() {
    return address;
  }

  /** What it has written on standard error. */
  public List<String> errors() throws IOException {
    return Files.readAllLines(errors);
  }

  /** Tells it to stop, and makes it stop where it does not. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException("the process did not stop within " + STOP_SECONDS + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      end(process);
    }
  }

  private static void end(Process process) {
    process.destroyForcibly();
    RUNNING.remove(process);
  }

  private InetSocketAddress awaitReady() throws IOException {
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    CompletableFuture<Void> limit =
        CompletableFuture.runAsync(
            process::destroyForcibly,
            CompletableFuture.delayedExecutor(START_SECONDS, TimeUnit.SECONDS));
    String line;
    try {
      line = out.readLine();
    } finally {
      limit.cancel(false);
    }
    Matcher ready = READY.matcher(String.valueOf(line));
    if (!ready.matches()) {
      throw new IOException(
          "the process said "
              + line
              + " (expected: "
              + READY
              + ")\n"
              + String.join("\n", errors()));
    }
    String host = ready.group(1) == null ? "127.0.0.1" : ready.group(1);
    return new InetSocketAddress(host, Integer.parseInt(ready.group(2)));
  }
}
