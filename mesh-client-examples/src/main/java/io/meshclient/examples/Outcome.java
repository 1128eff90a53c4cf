package io.meshclient.examples;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.JsonSyntaxException;
import io.meshclient.Decision;
import io.meshclient.MeshClient;
import io.meshclient.mesh.Capability;
import io.meshclient.mesh.Ownership;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * What came of a call to another service.
 *
 * @param status 0 if there was no answer
 * @param pod which instance answered; empty if none did
 * @param body the answer, or what went wrong
 * @param decision where the call went and why, in the library's words
 */
record Outcome(int status, String pod, JsonElement body, @Nullable Decision decision) {

  /**
   * Makes the call.
   *
   * @param deadline for all of it, retries too; zero for none but the route's own
   */
  static Outcome of(MeshClient mesh, Request request, Duration deadline) {
    Call call = mesh.okHttpClient().newCall(request);
    call.timeout().timeout(deadline.toNanos(), TimeUnit.NANOSECONDS);
    try (Response response = call.execute()) {
      String pod = response.header("x-served-by", "");
      JsonElement body = body(response.body().string());
      return new Outcome(response.code(), pod == null ? "" : pod, body, mesh.decision(call));
    } catch (IOException e) {
      return new Outcome(0, "", new JsonPrimitive(e.toString()), mesh.decision(call));
    }
  }

  boolean failed() {
    return status == 0 || status >= 500;
  }

  /** The answer, and how it came about. */
  JsonObject json() {
    JsonObject json = new JsonObject();
    json.addProperty("status", status);
    json.addProperty("pod", pod);
    json.add("answer", body);
    if (decision != null) {
      json.addProperty("rule", decision.rule() == null ? "" : decision.rule().toString());
      json.addProperty("condition", decision.condition());
      json.addProperty("destination", (decision.service() + " " + decision.subset()).strip());
      json.addProperty("flags", decision.flags());
      json.add("mesh", mesh(decision.ownership()));
      json.addProperty("micros", TimeUnit.NANOSECONDS.toMicros(decision.took().toNanos()));
      if (decision.failure() != null) {
        json.addProperty("failure", decision.failure());
      }
      JsonArray attempts = new JsonArray();
      decision.attempts().forEach(attempt -> attempts.add(json(attempt)));
      json.add("attempts", attempts);
    }
    return json;
  }

  /** What of it was the mesh's to do. */
  private static JsonArray mesh(Ownership ownership) {
    JsonArray words = new JsonArray();
    for (Capability capability : Capability.values()) {
      if (ownership.isMesh(capability)) {
        words.add(capability.word());
      }
    }
    return words;
  }

  private static JsonObject json(Decision.Attempt attempt) {
    JsonObject json = new JsonObject();
    json.addProperty("endpoint", attempt.endpoint());
    json.addProperty("status", attempt.status());
    json.addProperty("outcome", attempt.outcome());
    json.addProperty("ms", attempt.took().toMillis());
    return json;
  }

  /** JSON as such, anything else as a string. */
  private static JsonElement body(String text) {
    try {
      return JsonParser.parseString(text);
    } catch (JsonSyntaxException e) {
      return new JsonPrimitive(text);
    }
  }
}
