package io.meshclient.examples.pods;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A network, a file system's mounts and a table of processes of its own, for as long as one process
 * lives that waits for the end of its input: it ends with this program, even where that is killed,
 * and with it the kernel ends all that runs in here and takes away the rest. So nothing has a name
 * and nothing is left to be swept up.
 */
final class Namespace implements AutoCloseable {
  private static final int START_SECONDS = 20;
  private static final int STOP_SECONDS = 5;
  private static final String READY = "ready";

  private final String name;
  private final Process process;
  private final long holder;

  private Namespace(String name, Process process) throws IOException {
    this.name = name;
    this.process = process;
    awaitReady();
    this.holder =
        process
            .children()
            .findFirst()
            .map(ProcessHandle::pid)
            .orElseThrow(() -> new IOException(name + ": its first process has ended"));
  }

  /**
   * Makes one, with the loopback device up, and runs a script in it.
   *
   * @param script of {@code sh}; it ends at the first command that fails
   * @param last what is run at the end, where that does not come by force
   * @throws IOException if a command fails, with what it said
   */
  static Namespace open(String name, String script, String last) throws IOException {
    String all =
        "set -e; ip link set lo up; "
            + script
            + "\necho "
            + READY
            + "\nread -r end || true\n"
            + last;
    Process process =
        builder(
                List.of(
                    "unshare",
                    "--net",
                    "--mount",
                    "--pid",
                    "--fork",
                    "--kill-child",
                    "--mount-proc",
                    "sh",
                    "-c",
                    all))
            .start();
    try {
      return new Namespace(name, process);
    } catch (IOException | RuntimeException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  /** The process that keeps it, in the kernel's words: what {@code netns PID} takes. */
  long holder() {
    return holder;
  }

  /** Runs a command in its network alone, so that numbers of processes mean what they do here. */
  void runOutside(String input, String... command) throws IOException {
    List<String> all =
        new ArrayList<>(List.of("nsenter", "--target", Long.toString(holder), "--net", "--"));
    all.addAll(List.of(command));
    complete(input, all);
  }

  /** What runs a command in it. */
  List<String> command(List<String> command) {
    List<String> all = new ArrayList<>();
    all.addAll(List.of("nsenter", "--target", Long.toString(holder)));
    all.addAll(List.of("--net", "--mount", "--pid", "--"));
    all.addAll(command);
    return all;
  }

  /**
   * Runs a command in it to its end.
   *
   * @param input what it reads
   * @throws IOException if it fails, with what it said
   */
  void run(String input, String... command) throws IOException {
    complete(input, command(List.of(command)));
  }

  private void complete(String input, List<String> command) throws IOException {
    Process run = builder(command).start();
    CompletableFuture<Void> limit = limit(run, START_SECONDS);
    try (var in = run.outputWriter(StandardCharsets.UTF_8)) {
      in.write(input);
      in.close();
      String said = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      int status = run.waitFor();
      if (status != 0) {
        throw new IOException(
            name + ": " + String.join(" ", command) + ": status " + status + ": " + said);
      }
    } catch (InterruptedException e) {
      run.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException(name + ": interrupted in " + String.join(" ", command), e);
    } finally {
      limit.cancel(false);
    }
  }

  /** Ends all that runs in it. */
  @Override
  public void close() {
    try {
      process.outputWriter(StandardCharsets.UTF_8).close();
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /** Programs are found in root's directories too. */
  static ProcessBuilder builder(List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().merge("PATH", "/usr/sbin:/sbin", (path, more) -> path + ":" + more);
    return builder;
  }

  /** Ends a process that takes too long, unless it is cancelled before. */
  private static CompletableFuture<Void> limit(Process process, int seconds) {
    return CompletableFuture.runAsync(
        process::destroyForcibly, CompletableFuture.delayedExecutor(seconds, TimeUnit.SECONDS));
  }

  private void awaitReady() throws IOException {
    CompletableFuture<Void> limit = limit(process, START_SECONDS);
    BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
    List<String> said = new ArrayList<>();
    try {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.equals(READY)) {
          return;
        }
        said.add(line);
      }
    } finally {
      limit.cancel(false);
    }
    throw new IOException(name + ": " + String.join("; ", said));
  }
}
