package io.meshclient.access;

import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Request headers that rules never see as the client sent them: Envoy's connection manager takes
 * them off, or rewrites them, before its filters run. Found with Envoy 1.40 as Istio sets a
 * sidecar's inbound side up. For one request.
 */
public final class HiddenHeaders {
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
  private static final Set<String> ORIGIN =
      Set.of("x-forwarded-for", "x-forwarded-host", "x-forwarded-proto");
  private static final String TRAILERS = "trailers";

  private final InboundRequest request;
  private final Set<String> nominated;

  private HiddenHeaders(InboundRequest request, Set<String> nominated) {
    this.request = request;
    this.nominated = nominated;
  }

  static HiddenHeaders of(InboundRequest request) {
    return new HiddenHeaders(request, nominated(request.headers("connection")));
  }

  /**
   * Whether a header is never seen, whatever it says.
   *
   * @param name in lower case
   */
  public static boolean contains(String name) {
    return NAMES.contains(name);
  }

  /**
   * The headers, in lower case, that Connection names: they are the connection's, and end with it.
   *
   * @param connection Connection's lines
   */
  public static Set<String> nominated(List<String> connection) {
    if (connection.isEmpty()) {
      return Set.of();
    }
    Set<String> names = new HashSet<>();
    for (String line : connection) {
      for (String token : line.split(",", -1)) {
        names.add(token.strip().toLowerCase(Locale.ROOT));
      }
    }
    names.remove("te"); // these two have rules of their own
    names.remove("upgrade");
    return names;
  }

  /** Whether one of these headers tells where a request is from: Envoy refuses such a request. */
  public static boolean hideOrigin(Set<String> nominated) {
    return !nominated.isEmpty() && !Collections.disjoint(nominated, ORIGIN);
  }

  /** Whether Connection names a header that tells where the request is from. */
  boolean hideOrigin() {
    return hideOrigin(nominated);
  }

  /**
   * What is left of a header's lines.
   *
   * @param name in lower case
   */
  List<String> visible(String name) {
    List<String> lines = request.headers(name);
    if (lines.isEmpty() || contains(name) || nominated.contains(name)) {
      return List.of();
    }
    return switch (name) {
      case "te" -> encodings(lines);
      case "connection", "upgrade" -> isWebSocket() ? lines : List.of();
      case "expect" ->
          lines.stream().anyMatch("100-continue"::equalsIgnoreCase) ? List.of() : lines;
      // Without TLS nobody has proven anything that could be forwarded.
      case "x-forwarded-client-cert" ->
          request.connection().secured() || request.connection().peer() != null ? lines : List.of();
      default -> lines;
    };
  }

  /** What is left of the lines of TE, which must not be none: that trailers are understood. */
  public static List<String> encodings(List<String> lines) {
    String joined = JoinedHeaders.join(lines);
    return joined.isEmpty()
        ? lines
        : names(joined, TRAILERS, false) ? List.of(TRAILERS) : List.of();
  }

  /** Envoy goes on with this upgrade alone; what belongs to any other is taken off. */
  private boolean isWebSocket() {
    return isWebSocket(request.headers("upgrade"), request.headers("connection"));
  }

  /** Whether a request asks to go on as a WebSocket, by the lines of these two headers. */
  public static boolean isWebSocket(List<String> upgrade, List<String> connection) {
    return "websocket".equalsIgnoreCase(JoinedHeaders.join(upgrade))
        && names(JoinedHeaders.join(connection), "upgrade", true);
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
