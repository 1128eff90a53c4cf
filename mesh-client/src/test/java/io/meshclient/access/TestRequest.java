package io.meshclient.access;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A request for tests. */
final class TestRequest implements InboundRequest {
  private final String method;
  private final String target;
  private final boolean secured;
  private final Map<String, List<String>> headers = new LinkedHashMap<>();

  private TestRequest(String method, String target, boolean secured) {
    this.method = method;
    this.target = target;
    this.secured = secured;
  }

  static TestRequest get(String target) {
    return new TestRequest("GET", target, false);
  }

  static TestRequest options(String target) {
    return new TestRequest("OPTIONS", target, false);
  }

  static TestRequest secured(String target) {
    return new TestRequest("GET", target, true);
  }

  TestRequest header(String name, String... lines) {
    headers.computeIfAbsent(name, n -> new ArrayList<>()).addAll(List.of(lines));
    return this;
  }

  TestRequest bearer(String token) {
    return header("authorization", "Bearer " + token);
  }

  @Override
  public String method() {
    return method;
  }

  @Override
  public String target() {
    return target;
  }

  @Override
  public String authority() {
    return "payment-service:8080";
  }

  @Override
  public List<String> headers(String name) {
    return headers.getOrDefault(name, List.of());
  }

  @Override
  public InboundConnection connection() {
    InetAddress here = InetAddress.getLoopbackAddress();
    return new InboundConnection(secured, null, null, here, here, 8080);
  }
}
