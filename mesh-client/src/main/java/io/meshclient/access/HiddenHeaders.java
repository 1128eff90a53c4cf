package io.meshclient.access;

import java.util.List;
import java.util.Set;

/**
 * Request headers that rules never see as the client sent them: Envoy's connection manager takes
 * them off, or rewrites them, before its filters run. Found with Envoy 1.40 as Istio sets a
 * sidecar's inbound side up.
 */
final class HiddenHeaders {
  private static final Set<String> NAMES =
      Set.of(
          "keep-alive",
          "proxy-connection",
          "transfer-encoding",
          "x-envoy-expected-rq-timeout-ms",
          "x-envoy-force-trace",
          "x-envoy-hedge-on-per-try-timeout",
          "x-envoy-internal",
          "x-envoy-ip-tags",
          "x-envoy-max-retries",
          "x-envoy-original-url",
          "x-envoy-retriable-header-names",
          "x-envoy-retriable-status-codes",
          "x-envoy-retry-grpc-on",
          "x-envoy-retry-on",
          "x-envoy-upstream-alt-stat-name",
          "x-envoy-upstream-rq-per-try-timeout-ms",
          "x-envoy-upstream-rq-timeout-alt-response",
          "x-envoy-upstream-rq-timeout-ms",
          "x-envoy-upstream-stream-duration-ms");
  private static final String TRAILERS = "trailers";

  private HiddenHeaders() {}

  /**
   * What is left of a header's lines.
   *
   * @param name in lower case
   */
  static List<String> visible(InboundRequest request, String name) {
    List<String> lines = request.headers(name);
    if (lines.isEmpty() || NAMES.contains(name) || isNominated(request, name)) {
      return List.of();
    }
    return switch (name) {
      case "te" -> encodings(lines);
      case "connection", "upgrade" -> isWebSocket(request) ? lines : List.of();
      case "expect" ->
          lines.stream().anyMatch("100-continue"::equalsIgnoreCase) ? List.of() : lines;
      // Without TLS nobody has proven anything that could be forwarded.
      case "x-forwarded-client-cert" ->
          request.connection().secured() || request.connection().peer() != null ? lines : List.of();
      default -> lines;
    };
  }

  /** Headers that Connection names are the connection's, and end with it. */
  private static boolean isNominated(InboundRequest request, String name) {
    List<String> lines = request.headers("connection");
    return !lines.isEmpty()
        && !name.equals("te")
        && !name.equals("upgrade")
        && names(String.join(",", lines), name, true);
  }

  /** Whether Connection names a header that tells where a request is from: Envoy refuses such. */
  static boolean hidesOrigin(InboundRequest request) {
    List<String> lines = request.headers("connection");
    if (lines.isEmpty()) {
      return false;
    }
    String list = String.join(",", lines);
    return names(list, "x-forwarded-for", true)
        || names(list, "x-forwarded-host", true)
        || names(list, "x-forwarded-proto", true);
  }

  private static List<String> encodings(List<String> lines) {
    String joined = JoinedHeaders.join(lines);
    return joined.isEmpty()
        ? lines
        : names(joined, TRAILERS, false) ? List.of(TRAILERS) : List.of();
  }

  /** Envoy goes on with this upgrade alone; what belongs to any other is taken off. */
  private static boolean isWebSocket(InboundRequest request) {
    return "websocket".equalsIgnoreCase(JoinedHeaders.join(request.headers("upgrade")))
        && names(JoinedHeaders.join(request.headers("connection")), "upgrade", true);
  }

  private static boolean names(String list, String wanted, boolean anyCase) {
    for (String each : list.split(",", -1)) {
      String token = each.strip();
      if (anyCase ? token.equalsIgnoreCase(wanted) : token.equals(wanted)) {
        return true;
      }
    }
    return false;
  }
}
