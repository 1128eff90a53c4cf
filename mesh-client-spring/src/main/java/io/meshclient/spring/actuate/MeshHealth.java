package io.meshclient.spring.actuate;

import io.meshclient.MeshClient;
import io.meshclient.istio.Problem;
import io.meshclient.resilience.CircuitBreaker;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How the client itself is. That a remote service is in trouble is told, and is not this
 * application's ill health: restarting it would mend nothing.
 */
record MeshHealth(MeshClient mesh, boolean downOnErrors) {

  boolean isUp() {
    return !downOnErrors || errors() == 0;
  }

  private long errors() {
    return mesh.problems().stream()
        .filter(problem -> problem.severity() == Problem.Severity.ERROR)
        .count();
  }

  Map<String, Object> details() {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("mode", mesh.meshMode().word());
    details.put("configurationErrors", errors());
    details.put(
        "openBreakers",
        mesh.circuitBreakers().all().stream()
            .filter(breaker -> breaker.state() == CircuitBreaker.State.OPEN)
            .map(CircuitBreaker::name)
            .toList());
    return details;
  }
}
