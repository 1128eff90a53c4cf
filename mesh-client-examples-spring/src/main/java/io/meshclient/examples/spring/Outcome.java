package io.meshclient.examples.spring;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.JsonSyntaxException;
import io.meshclient.Decision;
import io.meshclient.mesh.Capability;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.client.RestClientException;
import org.springframework.web.reactive.function.client.WebClientRequestException;

/**
 * What came of a call to another service.
 *
 * @param status 0 if there was no answer
 * @param decision where the call went and why; {@code null} where that is not known
 */
record Outcome(int status, String pod, String body, @Nullable Decision decision) {

  static Outcome of(
      Decisions decisions, String path, Supplier<@Nullable ResponseEntity<String>> call) {
    try {
      ResponseEntity<String> answer = call.get();
      if (answer == null) {
        return new Outcome(0, "", "no answer", decisions.take(path));
      }
      String pod = answer.getHeaders().getFirst("x-served-by");
      String body = answer.getBody();
      return new Outcome(
          answer.getStatusCode().value(),
          pod == null ? "" : pod,
          body == null ? "" : body,
          decisions.take(path));
    } catch (RestClientException | WebClientRequestException e) {
      return new Outcome(0, "", e.toString(), decisions.take(path));
    }
  }

  /** As the plain web tells it. */
  JsonObject json() {
    JsonObject json = new JsonObject();
    json.addProperty("status", status);
    json.addProperty("pod", pod);
    json.add("answer", answer());
    if (decision != null) {
      tell(json, decision);
    }
    return json;
  }

  /** The body, as JSON if it is some. */
  JsonElement answer() {
    try {
      return JsonParser.parseString(body);
    } catch (JsonSyntaxException e) {
      return new JsonPrimitive(body);
    }
  }

  private static void tell(JsonObject json, Decision decision) {
    json.addProperty("rule", decision.rule() == null ? "" : decision.rule().toString());
    json.addProperty("condition", decision.condition());
    json.addProperty("destination", (decision.service() + " " + decision.subset()).strip());
    json.addProperty("flags", decision.flags());
    json.addProperty("micros", TimeUnit.NANOSECONDS.toMicros(decision.took().toNanos()));
    if (decision.failure() != null) {
      json.addProperty("failure", decision.failure());
    }
    JsonArray mesh = new JsonArray();
    for (Capability capability : Capability.values()) {
      if (decision.ownership().isMesh(capability)) {
        mesh.add(capability.word());
      }
    }
    json.add("mesh", mesh);
    JsonArray attempts = new JsonArray();
    decision.attempts().forEach(attempt -> attempts.add(tell(attempt)));
    json.add("attempts", attempts);
  }

  private static JsonObject tell(Decision.Attempt attempt) {
    JsonObject json = new JsonObject();
    json.addProperty("endpoint", attempt.endpoint());
    json.addProperty("status", attempt.status());
    json.addProperty("outcome", attempt.outcome());
    json.addProperty("ms", attempt.took().toMillis());
    return json;
  }
}
