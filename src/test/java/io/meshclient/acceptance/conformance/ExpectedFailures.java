package io.meshclient.acceptance.conformance;

import java.util.HashMap;
import java.util.Map;

/**
 * The cases that do not pass yet, each with the category it waits for. The list only shrinks: a
 * case in it that passes fails the build.
 */
final class ExpectedFailures {

  private static final Map<String, String> REASONS = new HashMap<>();

  static {
    add("faults", "fault-abort", "fault-delay", "fault-header-match");
    add("mirrors", "mirror", "mirror-share");
  }

  private ExpectedFailures() {}

  /** From a case's name to why it fails. */
  static Map<String, String> traffic() {
    return Map.copyOf(REASONS);
  }

  private static void add(String reason, String... cases) {
    for (String name : cases) {
      REASONS.put(name, reason);
    }
  }
}
