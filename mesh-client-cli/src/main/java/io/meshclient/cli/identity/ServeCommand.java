package io.meshclient.cli.identity;

import io.meshclient.cli.options.CommandFailure;
import io.meshclient.cli.options.LoggingOptions;
import io.meshclient.identity.InvalidSpiffeIdException;
import io.meshclient.identity.LocalAuthority;
import io.meshclient.identity.SpiffeId;
import io.meshclient.identity.TrustDomain;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code mesh identity serve}: runs until it is told to stop. */
@Command(
    name = "serve",
    description = {
      "Serves identities over the SPIFFE Workload API, for development: whoever can open the",
      "socket gets all of them. They are renewed at half of their life."
    },
    footer = {"", "SPIFFE_ENDPOINT_SOCKET=unix:///PATH java ..."},
    mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  CommandSpec spec;

  @Mixin LoggingOptions logging = new LoggingOptions();

  @Option(
      names = "--socket",
      required = true,
      paramLabel = "PATH",
      description = "The Unix domain socket to listen on; only its owner can open it.")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  Path socket;

  @Option(
      names = "--trust-domain",
      required = true,
      paramLabel = "NAME",
      description = "The trust domain of all identities.")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  String trustDomain;

  @Option(
      names = "--id",
      required = true,
      arity = "1..*",
      paramLabel = "ID",
      converter = SpiffeIdConverter.class,
      description = {
        "An identity to hand out; repeatable. The first is the default; the last segment of the",
        "path is the hint."
      })
  List<SpiffeId> ids = List.of();

  @Mixin AuthorityOptions issuer = new AuthorityOptions();

  ServeCommand() {}

  @Override
  public Integer call() throws InterruptedException {
    WorkloadApiServer server = start();
    Runtime.getRuntime().addShutdownHook(new Thread(server::close, "mesh-identity-stop"));
    PrintWriter out = spec.commandLine().getOut();
    out.println("listening on unix://" + socket.toAbsolutePath());
    out.flush();
    try {
      server.join();
    } finally {
      server.close();
    }
    return 0;
  }

  private WorkloadApiServer start() {
    LocalAuthority authority = authority();
    try {
      return WorkloadApiServer.start(socket, authority, ids);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--id: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new CommandFailure("--socket " + e.getMessage(), e);
    }
  }

  private LocalAuthority authority() {
    try {
      return issuer.authority(TrustDomain.parse(trustDomain));
    } catch (InvalidSpiffeIdException e) {
      throw new ParameterException(spec.commandLine(), "--trust-domain: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new CommandFailure("--ca: " + e.getMessage(), e);
    }
  }
}
