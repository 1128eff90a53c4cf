package io.meshclient.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** Runs the command within the test's process. */
record Cli(int status, String out, String err) {
  static final String CONFIG = "src/test/resources/istio";

  static Cli run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command =
        Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    int status = command.execute(arguments);
    return new Cli(status, out.toString(), err.toString());
  }
}
