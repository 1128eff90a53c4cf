package io.meshclient.acceptance.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * A VirtualService of order-service and requests to it, by chance. All values are from a few, so
 * that requests meet rules; nothing in it is left to chance when it is carried out.
 *
 * @param rules each a YAML flow mapping
 * @param requests each a YAML flow mapping
 */
record GeneratedPolicy(List<String> rules, List<String> requests) {
  private static final int RULES = 8;
  private static final int REQUESTS = 30;
  private static final List<String> PATHS =
      List.of("/", "/a", "/A", "/a/b", "/ab", "/a/", "/a//b", "/b/c/d", "/api/v1", "/api");
  private static final List<String> VALUES = List.of("1", "a", "ab", "A", "true");
  private static final List<String> METHODS = List.of("GET", "POST", "PUT");

  private static final String CONFIG =
      """
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata: {name: order, namespace: production}
      spec:
        host: order-service
        subsets:
        - {name: v1, labels: {version: v1}}
        - {name: v2, labels: {version: v2}}
      ---
      apiVersion: networking.istio.io/v1
      kind: VirtualService
      metadata: {name: order, namespace: production}
      spec:
        hosts: [order-service]
        http:
      """;

  static GeneratedPolicy of(long seed) {
    Random random = new Random(seed);
    List<String> rules = new ArrayList<>();
    for (int i = 0; i < RULES; i++) {
      rules.add("{match: [" + match(random) + "], " + action(random) + "}");
    }
    List<String> requests = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      requests.add(request(random, i));
    }
    return new GeneratedPolicy(rules, requests);
  }

  GeneratedPolicy withoutRule(int index) {
    List<String> fewer = new ArrayList<>(rules);
    fewer.remove(index);
    return new GeneratedPolicy(fewer, requests);
  }

  GeneratedPolicy withRequest(int index) {
    return new GeneratedPolicy(rules, List.of(requests.get(index)));
  }

  /** As the corpus' cases are written. */
  String yaml() {
    String config =
        (CONFIG + rules.stream().map(rule -> "  - " + rule + "\n").collect(Collectors.joining()))
            .indent(2);
    return "config: |\n"
        + config
        + "requests:\n"
        + requests.stream().map(r -> "- " + r + "\n").collect(Collectors.joining());
  }

  private static String match(Random random) {
    List<String> parts = new ArrayList<>();
    if (random.nextInt(3) > 0) {
      parts.add("uri: " + path(random));
      if (random.nextInt(4) == 0) {
        parts.add("ignoreUriCase: true");
      }
    }
    if (random.nextInt(2) == 0) {
      parts.add("headers: {x-a: " + text(random) + "}");
    }
    if (random.nextInt(4) == 0) {
      parts.add("withoutHeaders: {x-b: " + text(random) + "}");
    }
    if (random.nextInt(4) == 0) {
      parts.add("queryParams: {q: {exact: '" + one(random, VALUES) + "'}}");
    }
    if (parts.isEmpty() || random.nextInt(5) == 0) {
      parts.add("method: {exact: " + one(random, METHODS) + "}");
    }
    return "{" + String.join(", ", parts) + "}";
  }

  private static String path(Random random) {
    String path = one(random, PATHS);
    return switch (random.nextInt(3)) {
      case 0 -> "{exact: '" + path + "'}";
      case 1 -> "{prefix: '" + path + "'}";
      default -> "{regex: '" + path + "[a-z/]*'}";
    };
  }

  private static String text(Random random) {
    String value = one(random, VALUES);
    return switch (random.nextInt(4)) {
      case 0 -> "{exact: '" + value + "'}";
      case 1 -> "{prefix: '" + value + "'}";
      case 2 -> "{regex: '" + value + ".*'}";
      default -> "{}";
    };
  }

  private static String action(Random random) {
    int kind = random.nextInt(8);
    if (kind == 0) {
      return "redirect: {uri: '/r" + one(random, PATHS) + "', redirectCode: 307}";
    }
    if (kind == 1) {
      return "directResponse: {status: " + (400 + random.nextInt(50)) + ", body: {string: none}}";
    }
    List<String> parts = new ArrayList<>();
    String subset = random.nextBoolean() ? "v1" : "v2";
    parts.add("route: [{destination: {host: order-service, subset: " + subset + "}}]");
    if (random.nextInt(2) == 0) {
      parts.add(rewrite(random));
    }
    if (random.nextInt(2) == 0) {
      parts.add(
          "headers: {request: {set: {x-set: '"
              + one(random, VALUES)
              + "'}, add: {x-a: '%REQ(x-b)%'}, remove: [x-c]}, response: {set: {x-r: '1'}}}");
    }
    if (kind == 2) {
      parts.add("fault: {abort: {httpStatus: 418, percentage: {value: 100}}}");
    }
    return String.join(", ", parts);
  }

  private static String rewrite(Random random) {
    return switch (random.nextInt(3)) {
      case 0 -> "rewrite: {uri: '" + one(random, PATHS) + "'}";
      case 1 -> "rewrite: {authority: elsewhere.example}";
      default -> "rewrite: {uriRegexRewrite: {match: '/([a-z]+)', rewrite: '/x\\1'}}";
    };
  }

  private static String request(Random random, int index) {
    String query = random.nextInt(3) == 0 ? "?q=" + one(random, VALUES) : "";
    List<String> headers = new ArrayList<>();
    for (String name : List.of("x-a", "x-b", "x-c")) {
      if (random.nextInt(2) == 0) {
        headers.add(name + ": '" + one(random, VALUES) + "'");
      }
    }
    return "{name: r%d, url: 'http://order-service:8080%s%s', method: %s, headers: {%s}}"
        .formatted(
            index, one(random, PATHS), query, one(random, METHODS), String.join(", ", headers));
  }

  private static String one(Random random, List<String> values) {
    return values.get(random.nextInt(values.size()));
  }
}
