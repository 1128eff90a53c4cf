package io.meshclient.acceptance.conformance;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.meshclient.acceptance.backend.Received;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/** Sums up a request's repetitions in the form of the expected files. */
final class Observation {

  private final CaseRequest request;
  private final List<Exchange> exchanges;

  private Observation(CaseRequest request, List<Exchange> exchanges) {
    this.request = request;
    this.exchanges = exchanges;
  }

  static JsonObject of(CaseRequest request, List<Exchange> exchanges) {
    return new Observation(request, exchanges).json();
  }

  private JsonObject json() {
    JsonObject json = new JsonObject();
    json.addProperty("name", request.name());
    json.add("status", counted(exchange -> exchange.answer().status()));
    json.add("answered_by", counted(Exchange::answeredBy));
    json.add("attempts", counted(exchange -> Integer.toString(exchange.tries().size())));
    json.add("spread", counted(exchange -> Integer.toString(pods(exchange).size())));
    json.add("reached", count(tries().map(received -> received.pod().label())));
    json.add("groups", count(tries().map(this::group)));
    json.add("upstream", distinct(tries().map(Messages::request)));
    if (!request.mirrorTo().isEmpty()) {
      json.add("mirrored", distinct(mirrored().map(Messages::request)));
      json.add("mirrored_groups", count(mirrored().map(received -> received.pod().group())));
    }
    if (request.keys() > 0) {
      addPodsPerKey(json);
    }
    json.add(
        "response_headers",
        distinct(exchanges.stream().map(e -> Messages.responseHeaders(e.answer().headers()))));
    json.add(
        "local_bodies",
        distinct(
            exchanges.stream()
                .filter(exchange -> exchange.answeredBy().equals("-"))
                .map(exchange -> new JsonPrimitive(exchange.answer().body()))));
    json.add("took_ms", tookMillis());
    if (request.sequence()) {
      json.add("sequence", sequence());
    }
    json.add("failures", distinct(failures()));
    return json;
  }

  private Stream<JsonPrimitive> failures() {
    return exchanges.stream()
        .map(exchange -> exchange.answer().failure())
        .filter(failure -> !failure.isEmpty())
        .map(JsonPrimitive::new);
  }

  private String group(Received received) {
    return request.byApp() ? received.pod().app() : received.pod().group();
  }

  private Stream<Received> tries() {
    return exchanges.stream().flatMap(exchange -> exchange.tries().stream());
  }

  private Stream<Received> mirrored() {
    return exchanges.stream().flatMap(exchange -> exchange.mirrored().stream());
  }

  private static Set<String> pods(Exchange exchange) {
    Set<String> pods = new HashSet<>();
    exchange.tries().forEach(received -> pods.add(received.pod().label()));
    return pods;
  }

  private void addPodsPerKey(JsonObject json) {
    Map<Integer, Set<String>> byKey = new HashMap<>();
    Set<String> all = new HashSet<>();
    for (Exchange exchange : exchanges) {
      byKey.computeIfAbsent(exchange.key(), key -> new HashSet<>()).addAll(pods(exchange));
      all.addAll(pods(exchange));
    }
    json.add(
        "pods_per_key", count(byKey.values().stream().map(pods -> Integer.toString(pods.size()))));
    json.addProperty("pods_used", all.size());
  }

  private JsonObject tookMillis() {
    LongSummaryStatistics took =
        exchanges.stream().mapToLong(exchange -> exchange.took().toMillis()).summaryStatistics();
    JsonObject json = new JsonObject();
    json.addProperty("min", took.getMin());
    json.addProperty("mean", Math.round(took.getAverage()));
    json.addProperty("max", took.getMax());
    return json;
  }

  private JsonArray sequence() {
    JsonArray sequence = new JsonArray();
    for (Exchange exchange : exchanges) {
      JsonArray one = new JsonArray();
      one.add(status(exchange.answer().status()));
      one.add(exchange.answeredBy());
      one.add(exchange.tries().size());
      sequence.add(one);
    }
    return sequence;
  }

  private static JsonPrimitive status(String status) {
    return status.matches("[0-9]+")
        ? new JsonPrimitive(Integer.parseInt(status))
        : new JsonPrimitive(status);
  }

  private JsonObject counted(Function<Exchange, String> what) {
    return count(exchanges.stream().map(what));
  }

  private static JsonObject count(Stream<String> values) {
    Map<String, Integer> counts = new TreeMap<>();
    values.forEach(value -> counts.merge(value, 1, Integer::sum));
    JsonObject json = new JsonObject();
    counts.forEach(json::addProperty);
    return json;
  }

  private static JsonArray distinct(Stream<? extends JsonElement> values) {
    JsonArray json = new JsonArray();
    new LinkedHashSet<JsonElement>(new ArrayList<>(values.toList())).forEach(json::add);
    return json;
  }
}
