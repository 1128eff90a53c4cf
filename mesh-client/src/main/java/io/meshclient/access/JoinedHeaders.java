package io.meshclient.access;

import java.util.List;
import java.util.Set;

/**
 * The headers of which Envoy makes one line of several, before any rule sees them and for whoever
 * gets the request afterwards (Envoy's inline headers). Of other headers each line stays as it is.
 */
public final class JoinedHeaders {
  private static final Set<String> NAMES =
      Set.of(
          "accept",
          "accept-encoding",
          "access-control-request-headers",
          "access-control-request-method",
          "access-control-request-private-network",
          "authorization",
          "cache-control",
          "connection",
          "content-encoding",
          "content-length",
          "content-type",
          "expect",
          "grpc-timeout",
          "if-match",
          "if-modified-since",
          "if-none-match",
          "if-range",
          "if-unmodified-since",
          "keep-alive",
          "origin",
          "pragma",
          "proxy-connection",
          "referer",
          "te",
          "transfer-encoding",
          "upgrade",
          "user-agent",
          "via",
          "x-client-trace-id",
          "x-envoy-attempt-count",
          "x-envoy-decorator-operation",
          "x-envoy-downstream-service-cluster",
          "x-envoy-downstream-service-node",
          "x-envoy-external-address",
          "x-envoy-original-host",
          "x-envoy-original-path",
          "x-forwarded-client-cert",
          "x-forwarded-for",
          "x-forwarded-host",
          "x-forwarded-port",
          "x-forwarded-proto",
          "x-request-id");

  private JoinedHeaders() {}

  /**
   * Whether a header is one of them.
   *
   * @param name in lower case
   */
  public static boolean contains(String name) {
    return NAMES.contains(name);
  }

  /** The one line, with commas between; a line that is empty leaves no trace. */
  public static String join(List<String> lines) {
    StringBuilder joined = new StringBuilder();
    for (String line : lines) {
      if (!joined.isEmpty() && !line.isEmpty()) {
        joined.append(',');
      }
      joined.append(line);
    }
    return joined.toString();
  }
}
