package io.meshclient.cli.export;

import com.google.gson.JsonObject;
import io.meshclient.policy.HeaderMutations;
import io.meshclient.policy.WeightedCluster;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Writes header operations where Envoy has fields for them. */
final class HeaderOperations {

  private HeaderOperations() {}

  static void request(JsonObject target, List<HeaderMutations> levels) {
    write(target, "request", levels);
  }

  static void response(JsonObject target, List<HeaderMutations> levels) {
    write(target, "response", levels);
  }

  private static void write(JsonObject target, String what, List<HeaderMutations> levels) {
    List<JsonObject> add =
        levels.stream().flatMap(l -> l.written().stream()).map(HeaderOperations::written).toList();
    List<String> remove = levels.stream().flatMap(l -> l.removals().stream()).toList();
    Json.put(target, what + "_headers_to_add", Json.arrayOrNull(add));
    Json.put(target, what + "_headers_to_remove", Json.arrayOrNull(remove));
  }

  private static JsonObject written(HeaderMutations.Written operation) {
    return Json.object(
        "header",
        Json.object("key", operation.name(), "value", operation.value()),
        "append_action",
        operation.append() ? "APPEND_IF_EXISTS_OR_ADD" : "OVERWRITE_IF_EXISTS_OR_ADD");
  }

  /**
   * Of several destinations the level that all have in common: their route's own, which comes after
   * theirs; {@code null} where none has two.
   */
  static @Nullable HeaderMutations common(
      List<WeightedCluster> destinations, Function<WeightedCluster, List<HeaderMutations>> levels) {
    for (WeightedCluster destination : destinations) {
      List<HeaderMutations> own = levels.apply(destination);
      if (own.size() == 2) {
        return own.get(1);
      }
    }
    return null;
  }

  /** What a destination has beside the common level. */
  static List<HeaderMutations> own(List<HeaderMutations> levels, @Nullable HeaderMutations common) {
    return common == null ? levels : levels.subList(0, levels.size() - 1);
  }
}
