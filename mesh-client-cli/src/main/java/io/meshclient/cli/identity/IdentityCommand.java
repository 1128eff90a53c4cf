package io.meshclient.cli.identity;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code mesh identity}: by itself it only helps. */
@Command(
    name = "identity",
    description = "Looks at SPIFFE identities, and mints some for development.",
    mixinStandardHelpOptions = true,
    subcommands = {
      CheckIdCommand.class,
      InspectCommand.class,
      IssueCommand.class,
      ServeCommand.class
    })
public final class IdentityCommand implements Runnable {

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  CommandSpec spec;

  IdentityCommand() {}

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
