package io.meshclient.cli.identity;

import io.meshclient.cli.options.CommandFailure;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code mesh identity check-id}: exits with 0 once all lines are read, whatever they are. */
@Command(
    name = "check-id",
    description = {
      "Reads SPIFFE IDs from standard input, one a line, and says of each in order:",
      "'valid<TAB>id' or 'invalid<TAB>id<TAB>reason'."
    },
    mixinStandardHelpOptions = true)
public final class CheckIdCommand implements Callable<Integer> {

  @Option(
      names = "--escaped",
      description = "Lines have the escapes \\uXXXX and \\\\, so that they can hold any text.")
  boolean escaped;

  CheckIdCommand() {}

  @Override
  public Integer call() {
    // Not by picocli's writer, whose character set is the terminal's: an ID goes out as it came.
    try {
      new IdChecker(escaped).check(System.in, new FileOutputStream(FileDescriptor.out));
    } catch (IOException e) {
      throw new CommandFailure("check-id: " + e.getMessage(), e);
    }
    return 0;
  }
}
