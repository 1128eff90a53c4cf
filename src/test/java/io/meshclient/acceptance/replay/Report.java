package io.meshclient.acceptance.replay;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a replay came to: a file for each case, and lines that count. */
final class Report {

  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  private final String category;
  private final Map<String, String> expectedFailures;
  private final List<CaseReplay> runs = new ArrayList<>();

  Report(String category, Map<String, String> expectedFailures) {
    this.category = category;
    this.expectedFailures = expectedFailures;
  }

  /** Counts a case that has run, and writes what was seen of it into the directory. */
  void add(CaseReplay run, Path directory) throws IOException {
    runs.add(run);
    Files.createDirectories(directory);
    Path file = directory.resolve(run.name() + ".json");
    Files.writeString(file, GSON.toJson(json(run)) + "\n");
  }

  /** The count of all cases, then of those expected to fail, by reason. */
  String summary() {
    List<CaseReplay> failed = runs.stream().filter(run -> !run.passed()).toList();
    Map<String, Long> byReason =
        failed.stream()
            .map(run -> expectedFailures.get(run.name()))
            .filter(reason -> reason != null)
            .collect(Collectors.groupingBy(reason -> reason, TreeMap::new, Collectors.counting()));
    long expected = byReason.values().stream().mapToLong(Long::longValue).sum();
    long unexpected = failed.size() - expected;
    StringBuilder summary = new StringBuilder();
    summary.append(
        "conformance %s: %d of %d cases pass (%d expected to fail%s)"
            .formatted(
                category,
                runs.size() - failed.size(),
                runs.size(),
                expected,
                unexpected == 0 ? "" : ", " + unexpected + " not expected to"));
    byReason.forEach((reason, n) -> summary.append("\n  %3d %s".formatted(n, reason)));
    return summary.toString();
  }

  private static JsonObject json(CaseReplay run) {
    JsonObject json = new JsonObject();
    json.addProperty("case", run.name());
    json.addProperty("description", run.description());
    json.add("problems", GSON.toJsonTree(run.problems()));
    JsonArray requests = new JsonArray();
    for (RequestOutcome outcome : run.outcomes()) {
      JsonObject request = new JsonObject();
      request.addProperty("name", outcome.request());
      request.add("differences", GSON.toJsonTree(outcome.differences()));
      request.add("observed", outcome.observed());
      requests.add(request);
    }
    json.add("requests", requests);
    return json;
  }
}
