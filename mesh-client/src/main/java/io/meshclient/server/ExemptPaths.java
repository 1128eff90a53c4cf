package io.meshclient.server;

import java.util.List;

/**
 * Paths that are never refused, and all below them: a probe that is told "too many requests" has
 * its pod restarted, which helps nobody.
 */
record ExemptPaths(List<String> prefixes) {

  /** What Kubernetes' examples, Spring Boot and others call their health checks. */
  static final ExemptPaths HEALTH =
      new ExemptPaths(
          List.of(
              "/health", "/healthz", "/livez", "/readyz", "/live", "/ready", "/actuator/health"));

  boolean has(String path) {
    for (String prefix : prefixes) {
      if (Paths.isBelow(path, prefix)) {
        return true;
      }
    }
    return false;
  }
}
