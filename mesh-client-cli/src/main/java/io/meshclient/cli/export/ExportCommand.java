package io.meshclient.cli.export;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code mesh export}: by itself it only helps. */
@Command(
    name = "export",
    description = "Writes the policy in another form.",
    mixinStandardHelpOptions = true,
    subcommands = EnvoyCommand.class)
public final class ExportCommand implements Runnable {

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  CommandSpec spec;

  ExportCommand() {}

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
