package io.meshclient.examples.demo;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What the demo is told on its command line.
 *
 * @param requests how many are sent for a row that counts
 * @param keep whether the services stay up afterwards
 * @param terminal whether somebody watches the table as it fills
 * @param istio behind sidecars
 * @param springWeb the jar of web as a Spring Boot application; {@code null} for the plain one
 */
record Options(
    Path config,
    int requests,
    boolean keep,
    boolean terminal,
    boolean istio,
    @Nullable Path springWeb) {

  /**
   * Reads the arguments.
   *
   * @throws IllegalArgumentException with the argument and what was expected
   */
  static Options parse(String... args) {
    Path config = Path.of("mesh-client-examples", "istio");
    int requests = 2000;
    boolean keep = false;
    boolean terminal = false;
    boolean istio = false;
    @Nullable Path springWeb = null;
    for (int i = 0; i < args.length; i++) {
      switch (args[i]) {
        case "--config" -> config = Path.of(value(args, ++i));
        case "--requests" -> requests = requests(value(args, ++i));
        case "--keep" -> keep = true;
        case "--istio" -> istio = true;
        case "--spring" -> springWeb = Path.of(value(args, ++i));
        case "--terminal" -> terminal = true;
        default ->
            throw new IllegalArgumentException(
                "unknown argument: "
                    + args[i]
                    + " (expected: --istio, --spring JAR, --keep, --requests N or --config DIR)");
      }
    }
    if (!Files.isDirectory(config)) {
      throw new IllegalArgumentException(
          "--config: " + config + " (expected: the directory of the Istio YAML)");
    }
    if (springWeb != null && !Files.isRegularFile(springWeb)) {
      throw new IllegalArgumentException("--spring: " + springWeb + " (expected: web.jar)");
    }
    return new Options(config, requests, keep, terminal, istio, springWeb);
  }

  private static String value(String[] args, int index) {
    if (index == args.length) {
      throw new IllegalArgumentException(args[index - 1] + ": missing (expected: a value)");
    }
    return args[index];
  }

  private static int requests(String text) {
    int requests;
    try {
      requests = Integer.parseInt(text);
    } catch (NumberFormatException e) {
      requests = 0;
    }
    if (requests < 100 || requests > 20_000) {
      throw new IllegalArgumentException("--requests: " + text + " (expected: 100..20000)");
    }
    return requests;
  }
}
