package io.meshclient.examples.demo;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.meshclient.mesh.Capability;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A call that a service made, as it reports it.
 *
 * @param status 0 if there was no answer
 * @param pod which one answered
 * @param version of the service, by its own word; empty if it does not say
 * @param rule what decided, and by which condition
 * @param micros how long it took, in microseconds
 * @param mesh what of it was the mesh's to do, in the words of {@link Capability}
 * @param failure why there was no answer; empty if there was one
 */
record Call(
    int status,
    String pod,
    String version,
    String rule,
    List<Attempt> attempts,
    long micros,
    Set<String> mesh,
    String failure) {

  /** A call that was not made. */
  static final Call NONE = new Call(0, "", "", "", List.of(), 0, Set.of(), "");

  /** One try. */
  record Attempt(String endpoint, int status, String outcome, long millis) {}

  static Call of(JsonObject json) {
    JsonElement answer = json.get("answer");
    boolean said = answer != null && answer.isJsonObject();
    List<Attempt> attempts = new ArrayList<>();
    if (json.has("attempts")) {
      json.getAsJsonArray("attempts")
          .forEach(each -> attempts.add(attempt(each.getAsJsonObject())));
    }
    return new Call(
        json.get("status").getAsInt(),
        text(json, "pod"),
        said ? text(answer.getAsJsonObject(), "version") : "",
        (text(json, "rule") + " " + text(json, "condition")).strip(),
        List.copyOf(attempts),
        json.has("micros") ? json.get("micros").getAsLong() : 0,
        words(json, "mesh"),
        text(json, "failure"));
  }

  /** Which layer did that for it. */
  String by(Capability capability) {
    return mesh.contains(capability.word()) ? Check.SIDECAR : Check.LIBRARY;
  }

  /** Whether the circuit breaker turned it away. */
  boolean isTurnedAway() {
    return failure.contains("circuit open");
  }

  private static Attempt attempt(JsonObject json) {
    return new Attempt(
        text(json, "endpoint"),
        json.get("status").getAsInt(),
        text(json, "outcome"),
        json.get("ms").getAsLong());
  }

  private static Set<String> words(JsonObject json, String name) {
    Set<String> words = new HashSet<>();
    if (json.has(name)) {
      json.getAsJsonArray(name).forEach(word -> words.add(word.getAsString()));
    }
    return Set.copyOf(words);
  }

  private static String text(JsonObject json, String name) {
    return json.has(name) ? json.get(name).getAsString() : "";
  }
}
