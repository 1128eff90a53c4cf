package io.meshclient.cli;

import io.meshclient.cli.explain.ExplainCommand;
import io.meshclient.cli.export.ExportCommand;
import io.meshclient.cli.identity.IdentityCommand;
import io.meshclient.cli.options.CommandFailure;
import io.meshclient.cli.proxy.ProxyCommand;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code mesh} command. Exit status: 0 done, 1 failed, 2 wrong usage. */
@Command(
    name = "mesh",
    description = "Your Istio YAML, honoured without a mesh.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    subcommands = {
      ExplainCommand.class,
      ProxyCommand.class,
      IdentityCommand.class,
      ExportCommand.class
    })
public final class Main implements Runnable {

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  CommandSpec spec;

  Main() {}

  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /** The command, ready to be executed; tests give it other writers. */
  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(true)
        .setParameterExceptionHandler(Main::misused)
        .setExecutionExceptionHandler(Main::failed);
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /** What is wrong, without pages of help in front of it. */
  private static int misused(ParameterException failure, String[] arguments) {
    CommandLine command = failure.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("mesh: " + failure.getMessage());
    err.println("See '" + command.getCommandSpec().qualifiedName() + " --help'.");
    err.flush();
    return CommandLine.ExitCode.USAGE;
  }

  private static int failed(Exception failure, CommandLine command, CommandLine.ParseResult parsed)
      throws Exception {
    if (!(failure instanceof CommandFailure)) {
      throw failure;
    }
    PrintWriter err = command.getErr();
    err.println("mesh: " + failure.getMessage());
    err.flush();
    return CommandLine.ExitCode.SOFTWARE;
  }

  /** The jar's version. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {"mesh " + (version == null ? "(unpackaged)" : version)};
    }
  }
}
