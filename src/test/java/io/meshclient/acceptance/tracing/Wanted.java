package io.meshclient.acceptance.tracing;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a service is asked, and what its calls have to carry.
 *
 * @param headers of the request: name, value, name, value
 * @param calls how many calls it has to make
 * @param isContinued whether the calls belong to {@link #TRACE}, and not to a new one
 * @param hasNewParents whether the published harness looks that each call has a parent id of its
 *     own
 * @param flags bits that have to be set
 * @param state the members of all {@code tracestate} lines
 */
record Wanted(
    List<String> headers,
    int calls,
    boolean isContinued,
    boolean hasNewParents,
    int flags,
    String state) {
  static final String TRACE = "12345678901234567890123456789012";
  static final String PARENT = "1234567890123456";
  private static final String ZEROS = "0".repeat(32);

  /**
   * What is wrong with the calls, as far as the published harness looks; {@code null} if nothing.
   */
  @Nullable String problem(List<Map<String, List<String>>> callbacks) {
    if (callbacks.size() != calls) {
      return "calls: " + callbacks.size() + " (expected: " + calls + ")";
    }
    for (Map<String, List<String>> callback : callbacks) {
      String problem = problem(callback);
      if (problem != null) {
        return problem;
      }
    }
    return hasNewParents && newParents(callbacks) < calls ? "parent ids: not all new" : null;
  }

  private @Nullable String problem(Map<String, List<String>> callback) {
    List<String> parents = callback.getOrDefault("Traceparent", List.of());
    if (parents.size() != 1
        || !parents.get(0).matches("00-[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-0[0-3]")) {
      return "traceparent: " + parents + " (expected: one of version 00)";
    }
    String trace = parents.get(0).split("-")[1];
    if (trace.equals(ZEROS) || trace.equals(TRACE) != isContinued) {
      return "trace id: " + trace + " (expected: " + (isContinued ? "that" : "another") + ")";
    }
    if ((Integer.parseInt(parents.get(0).split("-")[3], 16) & flags) != flags) {
      return "flags: " + parents.get(0) + " (expected: " + flags + " among them)";
    }
    String members = members(callback);
    return members.equals(state) ? null : "tracestate: " + members + " (expected: " + state + ")";
  }

  /** As the harness reads them: without white space around, empty ones, and a key's later ones. */
  private static String members(Map<String, List<String>> callback) {
    Map<String, String> members = new LinkedHashMap<>();
    for (String member : state(callback).split("[ \\t]*,[ \\t]*", -1)) {
      if (!member.isEmpty()) {
        members.putIfAbsent(member.split("=", 2)[0], member);
      }
    }
    return String.join(",", members.values());
  }

  static String state(Map<String, List<String>> callback) {
    return String.join(",", callback.getOrDefault("Tracestate", List.of()));
  }

  /** How many parent ids the calls have that did not come in. */
  static long newParents(List<Map<String, List<String>>> callbacks) {
    return callbacks.stream()
        .flatMap(callback -> callback.getOrDefault("Traceparent", List.of()).stream())
        .map(traceparent -> traceparent.split("-")[2])
        .filter(parent -> !parent.equals(PARENT))
        .distinct()
        .count();
  }
}
