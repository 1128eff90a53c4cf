package io.meshclient.examples.demo;

import java.util.Map;

/**
 * A span as OTLP brought it. Ids are in hex.
 *
 * @param parentId empty for the root
 * @param kind 1 internal, 2 server, 3 client
 * @param service whose it is, {@code service.name}
 * @param error whether its status says so
 */
record ReceivedSpan(
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

  ReceivedSpan {
    attributes = Map.copyOf(attributes);
  }

  String attribute(String name) {
    return attributes.getOrDefault(name, "");
  }
}
