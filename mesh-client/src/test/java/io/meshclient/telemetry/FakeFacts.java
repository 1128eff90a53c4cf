package io.meshclient.telemetry;

import io.opentelemetry.api.trace.SpanContext;
import java.util.Map;

/** A request of which everything is known. */
record FakeFacts(
    boolean isClient,
    String method,
    String path,
    int status,
    String flags,
    Map<String, String> requestHeaders,
    Map<String, String> responseHeaders)
    implements RequestFacts {

  static FakeFacts get(String path, int status) {
    return new FakeFacts(true, "GET", path, status, "", Map.of(), Map.of());
  }

  FakeFacts withRequestHeader(String name, String value) {
    return new FakeFacts(
        isClient, method, path, status, flags, Map.of(name, value), responseHeaders);
  }

  FakeFacts withFlags(String newFlags) {
    return new FakeFacts(isClient, method, path, status, newFlags, requestHeaders, responseHeaders);
  }

  FakeFacts asServer() {
    return new FakeFacts(false, method, path, status, flags, requestHeaders, responseHeaders);
  }

  @Override
  public String scheme() {
    return "http";
  }

  @Override
  public String authority() {
    return "orders:8080";
  }

  @Override
  public String protocol() {
    return "HTTP/1.1";
  }

  @Override
  public String details() {
    return "via_upstream";
  }

  @Override
  public String failure() {
    return null;
  }

  @Override
  public String error() {
    return status >= 400 ? Integer.toString(status) : null;
  }

  @Override
  public long startMillis() {
    return 1_700_000_000_123L;
  }

  @Override
  public long durationNanos() {
    return 12_345_678;
  }

  @Override
  public long headersNanos() {
    return 10_000_000;
  }

  @Override
  public long requestBytes() {
    return 3;
  }

  @Override
  public long responseBytes() {
    return 42;
  }

  @Override
  public String requestHeader(String name) {
    return requestHeaders.get(name);
  }

  @Override
  public String responseHeader(String name) {
    return responseHeaders.get(name);
  }

  @Override
  public Peer source() {
    return new Peer("web-v1", "production", "web", "v1", "");
  }

  @Override
  public Peer destination() {
    return new Peer("orders-v2", "production", "orders", "v2", "");
  }

  @Override
  public String service() {
    return "orders.production.svc.cluster.local";
  }

  @Override
  public String cluster() {
    return "outbound|8080|v2|orders.production.svc.cluster.local";
  }

  @Override
  public String upstreamHost() {
    return "10.0.0.7:8080";
  }

  @Override
  public String downstreamHost() {
    return null;
  }

  @Override
  public String routeName() {
    return "canary";
  }

  @Override
  public String connectionSecurity() {
    return "unknown";
  }

  @Override
  public int attempts() {
    return 1;
  }

  @Override
  public SpanContext span() {
    return SpanContext.getInvalid();
  }
}
