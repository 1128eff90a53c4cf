package io.meshclient.cli.proxy;

import io.meshclient.MeshClient;
import io.meshclient.cli.options.CommandFailure;
import io.meshclient.cli.options.HostPort;
import io.meshclient.cli.options.LoggingOptions;
import io.meshclient.cli.options.WorkloadOptions;
import io.meshclient.cli.upstream.Upstream;
import io.meshclient.identity.IdentityException;
import io.meshclient.identity.IdentitySource;
import io.meshclient.identity.PemFilesSource;
import io.meshclient.identity.WorkloadApiSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code mesh proxy inbound}: runs until it is told to stop. */
@Command(
    name = "inbound",
    description = "A reverse proxy that lets into a service whom the policies let in.",
    customSynopsis = {
      "mesh proxy inbound --listen HOST:PORT --upstream URL --config PATH...",
      "    [--mesh-config FILE] [--namespace NS] [--labels k=v,k=v] [--port N]",
      "    [--cert FILE --key FILE --ca FILE | --workload-api SOCKET]",
      "    [--stream-idle-timeout SECONDS] [-v]"
    },
    mixinStandardHelpOptions = true)
final class InboundCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int MOST_IDLE_SECONDS = 86_400;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  CommandSpec spec;

  @Mixin WorkloadOptions workload = new WorkloadOptions();

  @Mixin LoggingOptions logging = new LoggingOptions();

  @Option(
      names = "--listen",
      required = true,
      paramLabel = "HOST:PORT",
      converter = HostPort.Converter.class,
      description = "Where to listen; port 0 picks a free one.")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  HostPort listen;

  @Option(
      names = "--upstream",
      required = true,
      paramLabel = "URL",
      description = "The service: http://HOST:PORT.")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  URI upstream;

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "The workload's port that the policies mean (default: the one listened on).")
  int port;

  @Option(
      names = "--cert",
      paramLabel = "FILE",
      description = "The workload's certificate chain, PEM, the leaf first.")
  @Nullable Path cert;

  @Option(names = "--key", paramLabel = "FILE", description = "The key of --cert, PEM.")
  @Nullable Path key;

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      description = "The mesh's authorities, PEM. Without these three files TLS is refused.")
  @Nullable Path ca;

  @Option(
      names = "--workload-api",
      paramLabel = "SOCKET",
      description = "Have the identity of a SPIFFE Workload API instead.")
  @Nullable Path workloadApi;

  @Option(
      names = "--stream-idle-timeout",
      paramLabel = "SECONDS",
      description = "How long nothing of a request and its answer may move (default: 300).")
  int streamIdleSeconds = 300; // Envoy's

  InboundCommand() {}

  @Override
  public Integer call() throws InterruptedException {
    InboundProxy proxy = start();
    Runtime.getRuntime().addShutdownHook(new Thread(proxy::close, "mesh-proxy-stop"));
    PrintWriter out = spec.commandLine().getOut();
    out.println("listening on " + proxy.address());
    out.flush();
    try {
      proxy.join();
    } finally {
      proxy.close();
    }
    return 0;
  }

  private InboundProxy start() throws InterruptedException {
    if (port < 0 || port > 65535) {
      throw misused("--port: " + port + " (expected: 1..65535)");
    }
    if (streamIdleSeconds < 1 || streamIdleSeconds > MOST_IDLE_SECONDS) {
      throw misused(
          "--stream-idle-timeout: "
              + streamIdleSeconds
              + " (expected: 1.."
              + MOST_IDLE_SECONDS
              + ")");
    }
    TlsConnections.ignoreServerNames();
    Upstream to = upstream();
    IdentitySource identity = identity();
    MeshClient mesh = workload.builder().build();
    try {
      return InboundProxy.start(
          mesh,
          listen,
          port,
          to,
          identity == null ? null : new MeshAuthorities(identity, mesh::trustDomains),
          Duration.ofSeconds(streamIdleSeconds));
    } catch (IOException e) {
      throw new CommandFailure("--listen " + listen + ": " + e.getMessage(), e);
    }
  }

  private Upstream upstream() {
    try {
      return Upstream.of(upstream);
    } catch (IllegalArgumentException e) {
      throw misused("--upstream: " + e.getMessage());
    }
  }

  /** Waits until it is there: nobody should find a proxy that refuses all TLS at first. */
  private @Nullable IdentitySource identity() throws InterruptedException {
    IdentitySource source = source();
    if (source == null) {
      return null;
    }
    try {
      source.await(PATIENCE);
      return source;
    } catch (IdentityException e) {
      source.close();
      throw new CommandFailure("no identity: " + e.getMessage(), e);
    }
  }

  private @Nullable IdentitySource source() {
    boolean any = cert != null || key != null || ca != null;
    if (workloadApi != null) {
      if (any) {
        throw misused("--workload-api beside --cert, --key or --ca (expected: one of them)");
      }
      return WorkloadApiSource.at("unix://" + workloadApi.toAbsolutePath()).start();
    }
    if (cert != null && key != null && ca != null) {
      return PemFilesSource.start(key, cert, ca);
    }
    if (any) {
      throw misused("--cert, --key and --ca go together (expected: all or none)");
    }
    return null;
  }

  private ParameterException misused(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
