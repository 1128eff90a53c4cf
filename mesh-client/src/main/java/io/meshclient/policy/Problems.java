package io.meshclient.policy;

import io.meshclient.istio.Location;
import io.meshclient.istio.Problem;
import io.meshclient.istio.Resource;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Collects what the compiler finds; of one field and one code once, whatever the number of ports.
 */
final class Problems {

  /** The findings of the compiler; docs/problems.md explains them. */
  enum Code {
    BAD_REGEX("MESH0201", Problem.Severity.ERROR),
    BAD_HEADER_VALUE("MESH0202", Problem.Severity.ERROR),
    UNKNOWN_DESTINATION("MESH0203", Problem.Severity.WARNING),
    UNKNOWN_SUBSET("MESH0204", Problem.Severity.WARNING),
    EMPTY_SUBSET("MESH0205", Problem.Severity.WARNING),
    MISSING_DELEGATE("MESH0206", Problem.Severity.WARNING),
    SHADOWED_RESOURCE("MESH0207", Problem.Severity.WARNING),
    SUBSET_BY_DNS("MESH0208", Problem.Severity.WARNING),
    UNREACHABLE_RULE("MESH0210", Problem.Severity.WARNING),
    NOT_CARRIED_OUT("MESH0211", Problem.Severity.WARNING),
    NO_EJECTION("MESH0212", Problem.Severity.WARNING);

    final String id;
    final Problem.Severity severity;

    Code(String id, Problem.Severity severity) {
      this.id = id;
      this.severity = severity;
    }
  }

  private static final String SPEC = "spec.";

  private final Map<String, Problem> found = new LinkedHashMap<>();
  private final Set<Resource> refused = new LinkedHashSet<>();
  private @Nullable Code muted;

  /** Does work whose findings with this code are nobody's concern. */
  <T> T without(Code code, Supplier<T> work) {
    muted = code;
    try {
      return work.get();
    } finally {
      muted = null;
    }
  }

  void add(Code code, Location location, String path, String message) {
    if (code == muted) {
      return;
    }
    String relative = path.startsWith(SPEC) ? path.substring(SPEC.length()) : path;
    String text = relative.isEmpty() ? message : relative + ": " + message;
    found.putIfAbsent(
        code.id + location + relative, new Problem(code.id, code.severity, location, text));
  }

  List<Problem> list() {
    return List.copyOf(found.values());
  }

  /** A resource has an error, and is left out. */
  void refuse(Resource resource) {
    refused.add(resource);
  }

  List<Resource> refused() {
    return List.copyOf(refused);
  }
}
