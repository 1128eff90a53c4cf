package io.meshclient.cli.proxy;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code mesh proxy}: by itself it only helps. */
@Command(
    name = "proxy",
    description = "Puts HTTP traffic under the policy.",
    mixinStandardHelpOptions = true,
    subcommands = {OutboundCommand.class, InboundCommand.class})
public final class ProxyCommand implements Runnable {

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  CommandSpec spec;

  ProxyCommand() {}

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
