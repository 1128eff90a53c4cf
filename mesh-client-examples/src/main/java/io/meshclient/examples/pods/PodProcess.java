package io.meshclient.examples.pods;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A process in a pod. What is started from here only enters the pod and waits there for its child,
 * which is the process: that is what signals go to. May be shared by threads.
 */
public final class PodProcess implements AutoCloseable {
  private static final int STOP_SECONDS = 4;

  private final Process entered;
  private final Path log;

  private PodProcess(Process entered, Path log) {
    this.entered = entered;
    this.log = log;
  }

  /**
   * @param variables besides those of this process
   * @param log gets what it writes
   */
  static PodProcess start(
      Namespace namespace, List<String> command, Map<String, String> variables, Path log)
      throws IOException {
    ProcessBuilder builder = Namespace.builder(namespace.command(command));
    Map<String, String> environment = builder.environment();
    // What the user's shell may have set for a service of their own is not for these.
    environment
        .keySet()
        .removeIf(name -> name.startsWith("MESH_CLIENT_") || name.startsWith("OTEL_"));
    environment.putAll(variables);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    return new PodProcess(builder.start(), log);
  }

  public boolean isAlive() {
    return entered.isAlive();
  }

  /** Completed when it has ended. */
  public CompletableFuture<Void> ended() {
    return entered.onExit().thenRun(() -> {});
  }

  /** What it has written so far, line by line. */
  public List<String> lines() throws IOException {
    return Files.exists(log) ? Files.readAllLines(log) : List.of();
  }

  /** Tells it to end, without waiting. */
  public void stop() {
    signal(ProcessHandle::destroy);
  }

  /** Ends it as a crash does, and waits until it is gone. */
  public void kill() {
    signal(ProcessHandle::destroyForcibly);
    isGone();
  }

  /** Ends it, by force if it takes too long. */
  @Override
  public void close() {
    stop();
    if (!isGone()) {
      kill();
    }
  }

  private boolean isGone() {
    try {
      return entered.waitFor(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void signal(Consumer<ProcessHandle> signal) {
    List<ProcessHandle> children = entered.children().toList();
    children.forEach(signal);
    if (children.isEmpty()) {
      // It has not come as far as to have one, or is over.
      signal.accept(entered.toHandle());
    }
  }
}
