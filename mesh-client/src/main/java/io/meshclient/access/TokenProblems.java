package io.meshclient.access;

import io.meshclient.istio.Location;
import io.meshclient.istio.Problem;

/** What compiling RequestAuthentications can find; docs/problems.md has an example of each. */
enum TokenProblems {
  UNREADABLE_KEYS("MESH0310"),
  KEY_PASSED_OVER("MESH0311"),
  NO_KEYS("MESH0312");

  private static final String SPEC = "spec.";

  private final String id;

  TokenProblems(String id) {
    this.id = id;
  }

  /** The document stays in force: what it cannot check, it refuses. */
  Problem at(Location location, String what) {
    String path = location.path();
    String shown = path.startsWith(SPEC) ? path.substring(SPEC.length()) : path;
    return new Problem(id, Problem.Severity.WARNING, location, shown + ": " + what);
  }
}
