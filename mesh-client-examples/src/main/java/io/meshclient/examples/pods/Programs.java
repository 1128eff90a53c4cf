package io.meshclient.examples.pods;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringTokenizer;
import org.jspecify.annotations.Nullable;

/** Where the system's programs are: a user's PATH often lacks root's directories. */
final class Programs {
  private static final List<Path> ALWAYS =
      List.of(Path.of("/usr/sbin"), Path.of("/sbin"), Path.of("/usr/bin"), Path.of("/bin"));

  private Programs() {}

  /** {@code null} if there is none. */
  static @Nullable Path find(String name) {
    return find(name, path(System.getenv()));
  }

  static @Nullable Path find(String name, List<Path> directories) {
    return directories.stream()
        .map(directory -> directory.resolve(name))
        .filter(file -> Files.isExecutable(file) && !Files.isDirectory(file))
        .findFirst()
        .orElse(null);
  }

  /** The directories of the PATH, and those of the system. */
  static List<Path> path(Map<String, String> variables) {
    List<Path> directories = new ArrayList<>();
    StringTokenizer parts =
        new StringTokenizer(variables.getOrDefault("PATH", ""), File.pathSeparator);
    while (parts.hasMoreTokens()) {
      directories.add(Path.of(parts.nextToken()));
    }
    directories.addAll(ALWAYS);
    return directories;
  }
}
