package io.meshclient.acceptance.security;

import io.meshclient.cli.proxy.ProxyCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;

/**
 * A {@code mesh proxy} on a thread of this process: the command as it is, without a JVM's start.
 */
final class EmbeddedProxy implements RunningProxy {

  private static final Pattern READY = Pattern.compile("listening on ([0-9.]+):([0-9]+)");
  private static final int START_SECONDS = 30;

  private final StringWriter errors = new StringWriter();
  private final CompletableFuture<InetSocketAddress> ready = new CompletableFuture<>();
  private final Thread thread;

  private EmbeddedProxy(List<String> arguments) {
    CommandLine command =
        new CommandLine(ProxyCommand.class)
            .setOut(new PrintWriter(new ReadyWriter()))
            .setErr(new PrintWriter(errors));
    thread = new Thread(() -> run(command, arguments), "embedded-proxy");
    thread.setDaemon(true);
  }

  /** Starts a proxy and waits until it is ready; without {@code proxy} in the arguments. */
  static EmbeddedProxy start(List<String> arguments) throws IOException {
    EmbeddedProxy proxy = new EmbeddedProxy(arguments);
    proxy.thread.start();
    try {
      proxy.ready.get(START_SECONDS, TimeUnit.SECONDS);
      return proxy;
    } catch (ExecutionException | TimeoutException e) {
      proxy.close();
      throw new IOException("the proxy is not ready: " + proxy.errors, e);
    } catch (InterruptedException e) {
      proxy.close();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted at the start of a proxy", e);
    }
  }

  private void run(CommandLine command, List<String> arguments) {
    command.setExecutionExceptionHandler((failure, of, parsed) -> 1);
    int status = command.execute(arguments.toArray(String[]::new));
    ready.completeExceptionally(new IOException("status " + status + ": " + errors));
  }

  @Override
  public InetSocketAddress address() {
    return ready.join();
  }

  @Override
  public List<String> errors() {
    return errors.toString().lines().toList();
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join(TimeUnit.SECONDS.toMillis(START_SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Hears when the proxy says that it listens. */
  private final class ReadyWriter extends StringWriter {
    @Override
    public void flush() {
      Matcher said = READY.matcher(toString().strip());
      if (said.matches()) {
        ready.complete(new InetSocketAddress(said.group(1), Integer.parseInt(said.group(2))));
      }
    }
  }
}
