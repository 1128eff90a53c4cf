package io.meshclient.examples.demo;

import com.google.gson.JsonObject;
import io.meshclient.examples.demo.Check.Result;
import io.meshclient.examples.demo.Front.Answer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/** Which headers reach the far end of web, order-service, payment-service. */
final class HeaderChecks {
  private static final int UUID_LENGTH = 36;
  private static final int MARK = 14;

  private final Front front;

  HeaderChecks(Front front) {
    this.front = front;
  }

  List<Check> all() {
    String id = UUID.randomUUID().toString();
    return List.of(
        new Check(
            "x-canary and an x-request-id",
            "both the same on 3 hops",
            progress -> sameOnAllHops(Map.of("x-canary", "true", "x-request-id", id))),
        new Check(
            "x-user-id, no x-request-id", "the same, and an id is made", progress -> madeId()));
  }

  private Result madeId() throws IOException, InterruptedException {
    return sameOnAllHops(Map.of("x-user-id", "42"));
  }

  private Result sameOnAllHops(Map<String, String> headers)
      throws IOException, InterruptedException {
    Answer answer = front.get("/pay", headers);
    if (answer.status() != 200) {
      return new Result(false, "status " + answer.status(), List.of());
    }
    JsonObject web = answer.json();
    JsonObject order = web.getAsJsonObject("pay");
    JsonObject payment = order.getAsJsonObject("answer").getAsJsonObject("payment");
    JsonObject first = web.getAsJsonObject("carried");
    JsonObject second = order.getAsJsonObject("answer").getAsJsonObject("carried");
    JsonObject third = payment.getAsJsonObject("answer").getAsJsonObject("carried");
    boolean same = first.equals(second) && first.equals(third);
    boolean asSent =
        headers.entrySet().stream()
            .allMatch(
                sent ->
                    first.has(sent.getKey())
                        && unmarked(text(first, sent)).equals(unmarked(sent.getValue())));
    boolean hasId = first.has("x-request-id");
    Set<String> rules = new TreeSet<>(List.of(Call.of(order).rule(), Call.of(payment).rule()));
    return new Result(
        same && asSent && hasId,
        same ? shown(first) : first + ", " + second + ", " + third,
        List.copyOf(rules));
  }

  /**
   * A UUID without the digit in which an Envoy notes that it samples the trace: one in ten times,
   * by the guide's Telemetry.
   */
  private static String unmarked(String value) {
    return value.length() == UUID_LENGTH
        ? value.substring(0, MARK) + value.substring(MARK + 1)
        : value;
  }

  private static String text(JsonObject json, Map.Entry<String, String> sent) {
    return json.get(sent.getKey()).getAsString();
  }

  private static String shown(JsonObject carried) {
    StringBuilder text = new StringBuilder();
    carried.asMap().forEach((name, value) -> text.append(shown(name, value.getAsString())));
    return text.toString().strip();
  }

  /** {@code canary=true}; an id by its beginning. */
  private static String shown(String name, String value) {
    String part = value.length() > 8 ? value.substring(0, 8) + ".." : value;
    return " " + name.substring("x-".length()) + "=" + part;
  }
}
