package io.meshclient.examples.demo;

import static io.meshclient.mesh.Capability.ROUTING;

import io.meshclient.examples.demo.Check.Result;
import io.meshclient.examples.demo.Front.Answer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Which version of order-service requests get, by their headers and by weight. */
final class RoutingChecks {
  private final Front front;
  private final int requests;

  RoutingChecks(Front front, int requests) {
    this.front = front;
    this.requests = requests;
  }

  List<Check> all() {
    int few = requests / 10;
    Tolerance tenth = Tolerance.of(requests, 0.1);
    return List.of(
        onlyV2(few + " canary, of any user or none", "http[0]", RoutingChecks::canary),
        onlyV2(few + " of even users", "http[1]", i -> user(2 * i)),
        new Check(
            requests + " of odd users and of nobody",
            "10 % on v2 (" + tenth + "), by http[2]",
            progress -> counted(requests, "http[2]", RoutingChecks::odd, progress, tenth::holds)));
  }

  private static Map<String, String> canary(int i) {
    return i % 3 == 0
        ? Map.of("x-canary", "true")
        : Map.of("x-canary", "true", "x-user-id", Integer.toString(i));
  }

  private static Map<String, String> odd(int i) {
    return i % 2 == 0 ? Map.of() : user(i | 1);
  }

  private static Map<String, String> user(int id) {
    return Map.of("x-user-id", Integer.toString(id));
  }

  private Check onlyV2(String traffic, String rule, IntFunction<Map<String, String>> headers) {
    return new Check(
        traffic,
        "all on v2, by " + rule,
        progress -> {
          int count = requests / 10;
          return counted(count, rule, headers, progress, v2 -> v2 == count);
        });
  }

  private Result counted(
      int count,
      String rule,
      IntFunction<Map<String, String>> headers,
      IntConsumer progress,
      Predicate<Integer> expected)
      throws IOException, InterruptedException {
    List<Answer> answers = front.getAll("/checkout", count, headers, progress);
    Map<String, Long> versions = counts(answers, answer -> answer.order().version());
    Map<String, Long> rules = counts(answers, answer -> answer.order().rule());
    long failed = answers.stream().filter(answer -> answer.status() != 200).count();
    boolean byRule =
        rules.keySet().stream().allMatch(each -> (each + " ").contains(" " + rule + " "));
    int v2 = versions.getOrDefault("v2", 0L).intValue();
    String observed =
        versions.entrySet().stream()
            .map(version -> version.getKey() + ": " + version.getValue())
            .collect(Collectors.joining(", "));
    return new Result(
        failed == 0 && byRule && expected.test(v2),
        observed + (failed == 0 ? "" : ", failed: " + failed),
        List.copyOf(rules.keySet()),
        String.join(", ", counts(answers, answer -> answer.order().by(ROUTING)).keySet()));
  }

  private static Map<String, Long> counts(List<Answer> answers, Function<Answer, String> by) {
    return answers.stream().collect(Collectors.groupingBy(by, TreeMap::new, Collectors.counting()));
  }
}
