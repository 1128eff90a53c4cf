package io.meshclient.cli.options;

import java.nio.file.Path;
import java.util.List;
import java.util.Stack;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Takes one or more paths, up to the next option or URL. */
final class PathsConsumer implements IParameterConsumer {
  @Override
  @SuppressWarnings("JdkObsolete") // picocli's signature
  public void consumeParameters(Stack<String> args, ArgSpec option, CommandSpec command) {
    List<Path> paths = option.getValue();
    int before = paths.size();
    while (!args.isEmpty() && isPath(args.peek())) {
      paths.add(Path.of(args.pop()));
    }
    if (paths.size() == before) {
      throw new ParameterException(
          command.commandLine(), "Missing value for option '--config' (expected: PATH...)");
    }
  }

  private static boolean isPath(String argument) {
    return !argument.startsWith("-") && !argument.contains("://");
  }
}
