package io.meshclient.examples.spans;

import java.util.Map;

/**
 * A span as OTLP brought it. Ids are in hex.
 *
 * @param parentId empty for the root
 * @param kind 1 internal, 2 server, 3 client
 * @param service whose it is, {@code service.name}
 * @param error whether its status says so
 */
public record ReceivedSpan(
    String traceId,
    String spanId,
    String parentId,
    String name,
    int kind,
    String service,
    long startNanos,
    long endNanos,
    Map<String, String> attributes,
    boolean error) {

  static final int SERVER = 2;
  static final int CLIENT = 3;

  /** What a span is of, in the order of a request's way. */
  public enum Role {
    /** A call of a service to another. */
    CALLS,
    /** One try of it. */
    TRIES,
    /** A request that a sidecar sends on its way. */
    LEAVES,
    /** A request that a sidecar lets in. */
    ENTERS,
    /** A request that a service answers. */
    SERVES,
    OTHER
  }

  public ReceivedSpan {
    attributes = Map.copyOf(attributes);
  }

  /** Told by the attributes that Envoy and the library set. */
  public Role role() {
    boolean sidecar = attribute("component").equals("proxy");
    return switch (kind) {
      case SERVER -> sidecar ? Role.ENTERS : Role.SERVES;
      case CLIENT ->
          sidecar ? Role.LEAVES : attribute("mesh.service").isEmpty() ? Role.TRIES : Role.CALLS;
      default -> Role.OTHER;
    };
  }

  /** Empty if it has none of that name. */
  public String attribute(String name) {
    return attributes.getOrDefault(name, "");
  }
}
