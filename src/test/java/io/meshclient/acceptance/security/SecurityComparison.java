package io.meshclient.acceptance.security;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Compares what was seen of a request with what was recorded. */
final class SecurityComparison {

  private SecurityComparison() {}

  /**
   * The differences, empty for none.
   *
   * @param also keys compared beside those that the case names
   * @param unseen keys not compared, even where the case names them
   */
  static List<String> differences(
      SecurityRequest request,
      JsonObject want,
      JsonObject got,
      Set<String> also,
      Set<String> unseen) {
    Set<String> keys = new LinkedHashSet<>(request.compare());
    keys.addAll(also);
    keys.removeAll(unseen);
    List<String> differences = new ArrayList<>();
    for (String key : keys) {
      if (want.has(key) && !want.get(key).equals(got.get(key))) {
        differences.add("%s: %s (expected: %s)".formatted(key, got.get(key), want.get(key)));
      }
      if (!want.has(key) && also.contains(key) && says(got.get(key))) {
        differences.add("%s: %s (expected: none)".formatted(key, got.get(key)));
      }
    }
    // Whatever a case compares: what is refused has not been passed on, what is passed on, once.
    if (got.has("upstream") && !want.has("upstream")) {
      differences.add("upstream: " + got.get("upstream") + " (expected: nothing gets there)");
    }
    if (got.has("reached")) {
      differences.add("reached: " + got.get("reached") + " requests (expected: 1)");
    }
    return List.copyOf(differences);
  }

  /** That no AUDIT policy marks a request is recorded only where there are some. */
  private static boolean says(JsonElement value) {
    return value != null && !value.equals(new JsonPrimitive(false));
  }
}
