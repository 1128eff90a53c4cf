package io.meshclient.acceptance.backend;

import java.util.List;

/**
 * A request as a pod got it.
 *
 * @param target the request line's target, untouched
 * @param headers in the order and case in which they came
 * @param bodyLength in bytes, 0 for none
 */
public record Received(
    Pod pod, String method, String target, List<Header> headers, int bodyLength) {

  public Received {
    headers = List.copyOf(headers);
  }

  /** The Host header, or an empty string. */
  public String host() {
    return Header.first(headers, "host").orElse("");
  }

  /** The client request that this is a try of, or an empty string. */
  String id() {
    return Header.first(headers, "x-test-id").orElse("");
  }

  boolean keepsConnection() {
    return Header.first(headers, "connection").filter("close"::equalsIgnoreCase).isEmpty();
  }
}
