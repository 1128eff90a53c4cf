package io.meshclient.acceptance.conformance;

import java.util.List;
import java.util.Random;

/**
 * How order-service is reached, by chance: subsets of which some have no pods, and policies that do
 * not turn away what comes one by one.
 */
final class GeneratedDestination {
  /** By the header of this name the pod is found, so that it can be compared. */
  static final String HASHED = "consistentHash: {httpHeaderName: x-a";

  /** Two with pods, one without, and one that nobody defined. */
  static final List<String> SUBSETS = List.of("v1", "v1", "v2", "v2", "empty", "undefined");

  private static final List<String> POLICIES =
      List.of(
          "",
          "loadBalancer: {simple: ROUND_ROBIN}",
          "loadBalancer: {simple: LEAST_REQUEST}",
          "loadBalancer: {simple: RANDOM}",
          "loadBalancer: {" + HASHED + "}}",
          "loadBalancer: {" + HASHED + ", maglev: {tableSize: 65537}}}",
          "loadBalancer: {" + HASHED + ", ringHash: {minimumRingSize: 64}}}",
          "connectionPool: {tcp: {maxConnections: 4}, http: {http1MaxPendingRequests: 4}}",
          "connectionPool: {http: {maxRequestsPerConnection: 1, maxRetries: 8}}",
          "connectionPool: {http: {http2MaxRequests: 4, idleTimeout: 30s}}",
          "outlierDetection: {consecutive5xxErrors: 1000, interval: 1s}",
          "portLevelSettings: [{port: {number: 8080}, loadBalancer: {" + HASHED + "}}}]");

  private GeneratedDestination() {}

  /** Without any policy. */
  static String plain() {
    return rule("", "", "");
  }

  static String of(Random random) {
    return rule(policy(random), policy(random), policy(random));
  }

  /** Whether all subsets with pods are balanced by the header alone. */
  static boolean isHashed(String rule) {
    String balanced = "loadBalancer: {";
    return rule.contains("\n  trafficPolicy: {" + balanced + HASHED)
        && !rule.replace(balanced + HASHED, "").contains(balanced);
  }

  private static String rule(String all, String first, String second) {
    return """
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: {name: order, namespace: production}
        spec:
          host: order-service
          trafficPolicy: {%s}
          subsets:
          - {name: v1, labels: {version: v1}, trafficPolicy: {%s}}
          - {name: v2, labels: {version: v2}, trafficPolicy: {%s}}
          - {name: empty, labels: {version: none}}
        """
        .formatted(all, first, second);
  }

  private static String policy(Random random) {
    return random.nextBoolean() ? "" : POLICIES.get(random.nextInt(POLICIES.size()));
  }
}
