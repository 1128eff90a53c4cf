package io.meshclient.acceptance.conformance;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Compares what was observed with what was recorded, by the rules of the corpus' README. */
final class Comparison {

  /** From this many repetitions on, chance is allowed for. */
  private static final int MANY = 30;

  private final CaseRequest request;
  private final JsonObject want;
  private final JsonObject got;
  private final List<String> differences = new ArrayList<>();

  private Comparison(CaseRequest request, JsonObject want, JsonObject got) {
    this.request = request;
    this.want = want;
    this.got = got;
  }

  /** The differences in all compared keys, empty for none. */
  static List<String> differences(CaseRequest request, JsonObject want, JsonObject got) {
    Comparison comparison = new Comparison(request, want, got);
    request.compare().stream().filter(want::has).forEach(comparison::compare);
    return List.copyOf(comparison.differences);
  }

  /** Whether shares of many repetitions are compared, of which chance leads a few too far. */
  static boolean leansOnChance(CaseRequest request) {
    return request.times() >= MANY && !request.exact();
  }

  /** How far two shares may be apart: four standard deviations of their difference and a bit. */
  static double tolerance(double wantShare, double gotShare, int n) {
    // Mirrored copies are counted against requests: there may be more of them.
    double p = Math.min(1, (wantShare + gotShare) / 2);
    return 4 * Math.sqrt(2 * p * (1 - p) / n) + 0.005;
  }

  private void compare(String key) {
    if (!got.has(key)) {
      differs(key, "");
      return;
    }
    switch (key) {
      case "status", "attempts", "groups", "spread" ->
          compareCounts(key, sum(want, key), sum(got, key));
      case "mirrored_groups" -> compareCounts(key, request.times(), request.times());
      case "reached", "answered_by" -> comparePods(key);
      case "took_ms" -> compareTimes();
      default -> compareAsSets(key);
    }
  }

  private void comparePods(String key) {
    if (request.times() >= MANY || request.exact()) {
      compareCounts(key, sum(want, key), sum(got, key));
    } else if (!want.getAsJsonObject(key).keySet().equals(got.getAsJsonObject(key).keySet())) {
      differs(key, "the same pods");
    }
  }

  private void compareCounts(String key, int wantOf, int gotOf) {
    JsonObject wanted = want.getAsJsonObject(key);
    JsonObject counted = got.getAsJsonObject(key);
    if (request.exact() || request.times() < MANY) {
      if (!wanted.equals(counted)) {
        differs(key, "");
      }
      return;
    }
    Set<String> names = new TreeSet<>(wanted.keySet());
    names.addAll(counted.keySet());
    for (String name : names) {
      double wantShare = share(wanted, name, wantOf);
      double gotShare = share(counted, name, gotOf);
      double allowed = request.tolerance().orElse(tolerance(wantShare, gotShare, request.times()));
      if (Math.abs(wantShare - gotShare) > allowed) {
        differs(key, "%s within %.3f".formatted(name, allowed));
        return;
      }
    }
  }

  private void compareTimes() {
    JsonObject wanted = want.getAsJsonObject("took_ms");
    JsonObject took = got.getAsJsonObject("took_ms");
    if (number(took, "max") > 1.5 * number(wanted, "max") + 400) {
      differs("took_ms", "max <= 1.5 * want + 400");
    }
    if (request.times() < 10 && number(took, "min") < 0.7 * number(wanted, "min") - 20) {
      differs("took_ms", "min >= 0.7 * want - 20");
    }
    if (request.times() >= 10 && number(took, "mean") < 0.5 * number(wanted, "mean") - 10) {
      differs("took_ms", "mean >= 0.5 * want - 10");
    }
  }

  /** "The different requests" have no order; a sequence has. */
  private void compareAsSets(String key) {
    JsonElement wanted = want.get(key);
    JsonElement seen = got.get(key);
    boolean equal =
        wanted.isJsonArray() && seen.isJsonArray() && !key.equals("sequence")
            ? sameElements(wanted.getAsJsonArray(), seen.getAsJsonArray())
            : wanted.equals(seen);
    if (!equal) {
      differs(key, "");
    }
  }

  private static boolean sameElements(JsonArray one, JsonArray other) {
    return one.size() == other.size() && one.asList().stream().allMatch(other::contains);
  }

  private void differs(String key, String rule) {
    String wanted = rule.isEmpty() ? "" + want.get(key) : want.get(key) + ", " + rule;
    differences.add("%s: %s (expected: %s)".formatted(key, got.get(key), wanted));
  }

  private static int sum(JsonObject counts, String key) {
    return counts.getAsJsonObject(key).asMap().values().stream()
        .mapToInt(JsonElement::getAsInt)
        .sum();
  }

  private static double share(JsonObject counts, String name, int of) {
    return counts.has(name) && of > 0 ? counts.get(name).getAsInt() / (double) of : 0;
  }

  private static double number(JsonObject json, String name) {
    return json.get(name).getAsDouble();
  }
}
