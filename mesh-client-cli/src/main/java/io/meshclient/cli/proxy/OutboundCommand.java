package io.meshclient.cli.proxy;

import io.meshclient.MeshClient;
import io.meshclient.MeshClientBuilder;
import io.meshclient.cli.options.BreakerConverter;
import io.meshclient.cli.options.CommandFailure;
import io.meshclient.cli.options.HostPort;
import io.meshclient.cli.options.LoggingOptions;
import io.meshclient.cli.options.ModeConverter;
import io.meshclient.cli.options.WorkloadOptions;
import io.meshclient.mesh.MeshMode;
import io.meshclient.resilience.BreakerSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code mesh proxy outbound}: runs until it is told to stop. */
@Command(
    name = "outbound",
    description = "A forward proxy whose every request goes through MeshClient as the workload.",
    customSynopsis = {
      "mesh proxy outbound --listen HOST:PORT --config PATH...",
      "    [--mesh-config FILE] [--namespace NS] [--labels k=v,k=v]",
      "    [--endpoint service[/version]=host:port]... [--breaker[=SETTINGS]]",
      "    [--mode MODE] [-v]"
    },
    footer = {"", "curl --proxy http://HOST:PORT http://order-service:8080/"},
    mixinStandardHelpOptions = true)
final class OutboundCommand implements Callable<Integer> {

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
      names = "--breaker",
      arity = "0..1",
      fallbackValue = BreakerConverter.GUIDE,
      paramLabel = "SETTINGS",
      converter = BreakerConverter.class,
      description = {
        "Guard destinations by circuit breakers; without this the rules alone decide.",
        "SETTINGS: guide (the default: 3 failures in a row, 60 s, 1 probe), or what differs from",
        "it, such as failures=5,open=30s,probes=2."
      })
  @Nullable BreakerSettings breaker;

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      defaultValue = "none",
      converter = ModeConverter.class,
      description = {
        "Which mesh is around, and does its part by itself: none (the default), istio, ambient,",
        "waypoint, linkerd, consul."
      })
  MeshMode mode = MeshMode.NONE;

  OutboundCommand() {}

  @Override
  public Integer call() throws InterruptedException {
    WarmUp.run();
    OutboundProxy proxy;
    try {
      proxy = OutboundProxy.start(client(), listen);
    } catch (IOException e) {
      throw new CommandFailure("--listen " + listen + ": " + e.getMessage(), e);
    }
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

  private MeshClient client() {
    MeshClientBuilder builder = workload.builder().meshMode(mode);
    return breaker == null ? builder.build() : builder.circuitBreaker(breaker).build();
  }
}
