package io.meshclient.examples.pods;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.StringTokenizer;

/** The command of a Java process that starts quickly and stays small. */
public final class Jvm {

  private Jvm() {}

  /** By the class path of this process. */
  public static List<String> command(Class<?> main, String... arguments) {
    List<String> command = java();
    command.addAll(List.of("-cp", absolute(System.getProperty("java.class.path"))));
    command.add(main.getName());
    command.addAll(List.of(arguments));
    return command;
  }

  /** By a jar alone. */
  public static List<String> command(Path jar, String... arguments) {
    List<String> command = java();
    command.addAll(List.of("-jar", jar.toAbsolutePath().toString()));
    command.addAll(List.of(arguments));
    return command;
  }

  private static List<String> java() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx96m"));
    // Its file is named by the process's number, which pods have in common.
    command.add("-XX:-UsePerfData");
    return command;
  }

  private static String absolute(String classPath) {
    List<String> paths = new ArrayList<>();
    StringTokenizer parts = new StringTokenizer(classPath, File.pathSeparator);
    while (parts.hasMoreTokens()) {
      paths.add(Path.of(parts.nextToken()).toAbsolutePath().toString());
    }
    return String.join(File.pathSeparator, paths);
  }
}
