package io.meshclient.policy;

import org.jspecify.annotations.Nullable;

/**
 * What a service's port speaks, as Istio reads it: by appProtocol, else by the port's name up to
 * its first dash.
 */
enum PortProtocol {
  /** HTTP of the client's choice. */
  HTTP,
  /** HTTP/2, gRPC and gRPC-Web included: that is what Envoy sends all of them by. */
  HTTP2,
  /** Something else, or nothing that is known. */
  OTHER;

  private static final String GRPC_WEB = "grpc-web";

  static PortProtocol of(@Nullable String appProtocol, @Nullable String name) {
    String text = Names.lower(appProtocol != null ? appProtocol : name == null ? "" : name);
    if (text.startsWith(GRPC_WEB)) {
      return HTTP2;
    }
    return switch (text.contains("-") ? text.substring(0, text.indexOf('-')) : text) {
      case "http", "http_proxy", "kubernetes.io/ws" -> HTTP;
      case "http2", "grpc", "kubernetes.io/h2c" -> HTTP2;
      default -> OTHER;
    };
  }

  /** Whether somebody said that it is HTTP of any version. */
  boolean isNamedHttp() {
    return this != OTHER;
  }
}
