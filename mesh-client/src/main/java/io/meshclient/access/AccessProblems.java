package io.meshclient.access;

import io.meshclient.istio.Location;
import io.meshclient.istio.Problem;
import java.util.ArrayList;
import java.util.List;

/** Collects what policies say and cannot be carried out. For one thread. */
final class AccessProblems {
  private final List<Problem> problems = new ArrayList<>();

  List<Problem> all() {
    return List.copyOf(problems);
  }

  void addAll(List<Problem> more) {
    problems.addAll(more);
  }

  void badValue(Location location, String field, String value, String expected) {
    add("MESH0301", location, field + ": " + Shown.quoted(value) + " " + expected);
  }

  void unknownKey(Location location, String key) {
    add("MESH0302", location, "when: " + Shown.quoted(key) + " (expected: a key that Istio knows)");
  }

  void noMetadata(Location location, String key) {
    String message = ": outside of a proxy nothing is there (expected: no such condition)";
    add("MESH0303", location, "when: " + Shown.quoted(key) + message);
  }

  void dropped(Location location, String rule) {
    add("MESH0304", location, rule + " allows nothing (expected: values that can be carried out)");
  }

  void noAuthorizer(Location location, String provider) {
    String message = "provider: " + Shown.quoted(provider) + " is not registered";
    add(
        "MESH0305",
        location,
        message + " (expected: an authorizer); what its rules match is denied");
  }

  private void add(String code, Location location, String message) {
    problems.add(new Problem(code, Problem.Severity.WARNING, location, message));
  }
}
