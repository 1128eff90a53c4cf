package io.meshclient.spring;

import io.meshclient.MeshClient;
import io.meshclient.istio.Problem;
import io.meshclient.policy.Cluster;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is looked at once, when the application starts. */
final class StartChecks {
  private static final Logger log = LoggerFactory.getLogger(StartChecks.class);

  /** As docs/problems.md has it. */
  private static final String UNKNOWN_SUBSET = "MESH0204";

  private static final String SDK_PARTS =
      "opentelemetry-sdk, opentelemetry-sdk-extension-autoconfigure, opentelemetry-exporter-otlp";

  private StartChecks() {}

  /**
   * The client; what is wrong is an exception where the properties ask for that.
   *
   * @throws InvalidRulesException if there are errors in the rules, or they name a subset that none
   *     defines
   * @throws InvalidPropertyException if a property names a subset that no rule defines
   */
  static MeshClient checked(MeshClient mesh, MeshClientProperties properties) {
    try {
      check(mesh, properties);
      return mesh;
    } catch (RuntimeException e) {
      mesh.close();
      throw e;
    }
  }

  private static void check(MeshClient mesh, MeshClientProperties properties) {
    boolean strict = properties.config().failOnError();
    List<Problem> fatal = mesh.problems().stream().filter(StartChecks::isFatal).toList();
    if (strict && !fatal.isEmpty()) {
      throw new InvalidRulesException(fatal);
    }
    if (Boolean.TRUE.equals(properties.telemetry().enabled()) && !mesh.telemetry().traces()) {
      log.warn(
          "mesh.client.telemetry.enabled: true, but nothing takes spans (expected: {} on the class"
              + " path, or a bean OpenTelemetry that takes them)",
          SDK_PARTS);
    }
    for (int i = 0; i < properties.breakers().size(); i++) {
      String destination = properties.breakers().get(i).destination();
      int slash = destination.indexOf('/');
      if (slash >= 0 && !isKnown(mesh, destination.substring(slash + 1))) {
        report(strict, "mesh.client.breakers[" + i + "].destination", destination);
      }
    }
  }

  /** Where a subset is missing the rule is used, but its requests get 503 until there is one. */
  private static boolean isFatal(Problem problem) {
    return problem.severity() == Problem.Severity.ERROR || problem.code().equals(UNKNOWN_SUBSET);
  }

  private static void report(boolean strict, String property, String destination) {
    InvalidPropertyException problem =
        new InvalidPropertyException(
            property, destination, "a subset that a DestinationRule defines");
    if (strict) {
      throw problem;
    }
    log.warn("{}", problem.getMessage());
  }

  private static boolean isKnown(MeshClient mesh, String subset) {
    return subset.indexOf('*') >= 0
        || mesh.policy().clusters().stream().map(Cluster::subset).anyMatch(subset::equals);
  }
}
