package io.meshclient.istio;

import static java.util.Objects.requireNonNull;

/**
 * Something that is wrong, or will not do what it seems to, in the configuration.
 *
 * @param code stable, {@code MESH} and four digits; docs/problems.md lists them
 * @param message the path, the value and what was expected, and a "did you mean" where one is near
 */
public record Problem(String code, Severity severity, Location location, String message) {

  /** What a problem means for the document it is in. */
  public enum Severity {
    /** The document is left out, or its last good version stays in force. */
    ERROR,
    /** The document is used, but not all of it does what it says. */
    WARNING
  }

  public Problem {
    requireNonNull(code, "code");
    requireNonNull(severity, "severity");
    requireNonNull(location, "location");
    requireNonNull(message, "message");
  }

  /** {@code MESH0103 reviews.yaml:14 http[0].route[1].weight: -1 (expected: >= 0)}. */
  @Override
  public String toString() {
    return code + " " + location.fileAndLine() + " " + message;
  }
}
