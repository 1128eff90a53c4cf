package io.meshclient.spring.actuate;

import io.meshclient.resilience.CircuitBreaker;
import java.util.List;
import java.util.Map;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/** {@code /actuator/mesh}: what the client knows and did; and, where that is allowed, breakers. */
@Endpoint(id = "mesh")
final class MeshEndpoint {
  private static final String EXPECTED = "open, reset or disable";

  private final MeshReporter reporter;
  private final boolean writes;

  MeshEndpoint(MeshReporter reporter, boolean writes) {
    this.reporter = reporter;
    this.writes = writes;
  }

  @ReadOperation
  MeshReport report() {
    return reporter.report();
  }

  /**
   * Sets a breaker.
   *
   * @param breaker its name, as the report has it
   * @param action open, reset or disable
   */
  @WriteOperation
  Map<String, String> set(String breaker, String action) {
    if (!writes) {
      throw refused("mesh.client.actuator.breaker-writes: false (expected: true, to set breakers)");
    }
    CircuitBreaker found = reporter.mesh().circuitBreakers().find(breaker);
    if (found == null) {
      List<String> known = reporter.breakers().stream().map(MeshReport.Breaker::name).toList();
      throw refused("breaker: \"" + breaker + "\" (expected: one of " + known + ")");
    }
    switch (action) {
      case "open" -> found.forceOpen();
      case "reset" -> found.reset();
      case "disable" -> found.disable();
      default -> throw refused("action: \"" + action + "\" (expected: " + EXPECTED + ")");
    }
    return Map.of("breaker", breaker, "state", found.state().name());
  }

  private static InvalidEndpointRequestException refused(String why) {
    return new InvalidEndpointRequestException(why, why);
  }
}
