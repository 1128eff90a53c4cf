package io.meshclient.acceptance.pods;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.meshclient.examples.pods.Requirements;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Whether the tests can be run here. Where the build says that they have to, they fail if not. */
final class Machine {
  /** What users get, seen from this module. */
  static final Path JAR = Path.of("..", "..", "mesh-client-examples", "target", "examples.jar");

  /** The guide's YAML. */
  static final Path GUIDE = Path.of("..", "..", "mesh-client-examples", "istio");

  private Machine() {}

  static void assumePods() {
    List<String> missing = new ArrayList<>(Requirements.missing());
    if (!Files.exists(JAR)) {
      missing.add(JAR + ": mvn package makes it");
    }
    if ("true".equals(System.getenv("CI"))) {
      assertThat(missing).as("missing for pods with sidecars").isEmpty();
    }
    assumeTrue(missing.isEmpty(), () -> "pods with sidecars take " + missing);
  }
}
