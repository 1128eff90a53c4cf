package io.meshclient.acceptance.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * A DestinationRule and a VirtualService of order-service and requests to it, by chance. All values
 * are from a few, so that requests meet rules; nothing in it is left to chance when it is carried
 * out.
 *
 * @param destination a DestinationRule
 * @param rules each a YAML flow mapping
 * @param requests each a YAML flow mapping
 */
record GeneratedPolicy(String destination, List<String> rules, List<String> requests) {
  private static final int RULES = 8;
  private static final int REQUESTS = 30;
  private static final List<String> PATHS =
      List.of("/", "/a", "/A", "/a/b", "/ab", "/a/", "/a//b", "/b/c/d", "/api/v1", "/api");
  private static final List<String> VALUES = List.of("1", "a", "ab", "A", "true");
  private static final List<String> METHODS = List.of("GET", "POST", "PUT");

  private static final List<String> RETRIES =
      List.of(
          "{attempts: 0}",
          "{attempts: 1, retryOn: 5xx}",
          "{attempts: 3, retryOn: 'gateway-error,reset'}",
          "{attempts: 2, retryOn: 'retriable-4xx,503'}",
          "{attempts: 3, retryOn: 'reset-before-request,429'}",
          "{attempts: 2, perTryTimeout: 0.5s, retryOn: '5xx'}",
          "{attempts: 2, perTryTimeout: 0.5s}",
          "{attempts: 4}",
          "{retryOn: 5xx}");

  /** What the pods answer, try by try; the slow ones are slower than all timeouts. */
  private static final List<String> SCRIPTS =
      List.of(
          "503",
          "503,500,200",
          "502,200",
          "409,200",
          "429,200",
          "reset,200",
          "reset",
          "500",
          "503,503,503,503,200",
          "200@1500ms,200",
          "503+x-r=own,200+x-r=own");

  private static final String CONFIG =
      """
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
    String destination = GeneratedDestination.of(random);
    List<String> rules = new ArrayList<>();
    for (int i = 0; i < RULES; i++) {
      rules.add("{match: [" + match(random) + "], " + action(random) + "}");
    }
    List<String> requests = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      requests.add(request(random, i));
    }
    return new GeneratedPolicy(destination, rules, requests);
  }

  GeneratedPolicy withoutRule(int index) {
    List<String> fewer = new ArrayList<>(rules);
    fewer.remove(index);
    return new GeneratedPolicy(destination, fewer, requests);
  }

  GeneratedPolicy withRequest(int index) {
    return new GeneratedPolicy(destination, rules, List.of(requests.get(index)));
  }

  GeneratedPolicy withPlainDestination() {
    return new GeneratedPolicy(GeneratedDestination.plain(), rules, requests);
  }

  /** Whether a request's pod can be compared: nothing but its header decides, and it has one. */
  boolean isPodGiven(int index) {
    String request = requests.get(index);
    return GeneratedDestination.isHashed(destination)
        && request.contains("x-a: ")
        && !request.contains("script");
  }

  /** As the corpus' cases are written. */
  String yaml() {
    String config =
        (destination
                + CONFIG
                + rules.stream().map(rule -> "  - " + rule + "\n").collect(Collectors.joining()))
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
    parts.add("route: [" + route(random) + "]");
    if (random.nextInt(2) == 0) {
      parts.add("retries: " + one(random, RETRIES));
    }
    if (random.nextInt(4) == 0) {
      parts.add("timeout: 0.5s");
    }
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

  /** What weights leave no chance in. */
  private static String route(Random random) {
    String chosen = destination(one(random, GeneratedDestination.SUBSETS));
    return switch (random.nextInt(4)) {
      case 0 -> "{%s, weight: 100}, {%s, weight: 0}".formatted(chosen, destination("v1"));
      case 1 -> "{%s, weight: 0}, {%s, weight: 3}".formatted(destination("v2"), chosen);
      default -> "{" + chosen + "}";
    };
  }

  private static String destination(String subset) {
    return "destination: {host: order-service, subset: " + subset + "}";
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
    String script = random.nextInt(2) == 0 ? ", script: '" + one(random, SCRIPTS) + "'" : "";
    return "{name: r%d, url: 'http://order-service:8080%s%s', method: %s, headers: {%s}%s}"
        .formatted(
            index,
            one(random, PATHS),
            query,
            one(random, METHODS),
            String.join(", ", headers),
            script);
  }

  private static String one(Random random, List<String> values) {
    return values.get(random.nextInt(values.size()));
  }
}
