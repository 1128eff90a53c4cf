package io.meshclient.bench;

import io.meshclient.policy.RequestView;
import org.jspecify.annotations.Nullable;

/** A request for orders with two headers, the second of which rules may be about. */
record OrderRequest(String host, String header, String value) implements RequestView {
  @Override
  public String method() {
    return "GET";
  }

  @Override
  public String scheme() {
    return "http";
  }

  @Override
  public int port() {
    return 8080;
  }

  @Override
  public String authority() {
    return host + ":8080";
  }

  @Override
  public String path() {
    return "/api/orders";
  }

  @Override
  public @Nullable String query() {
    return null;
  }

  @Override
  public int headerCount() {
    return 2;
  }

  @Override
  public String headerName(int index) {
    return index == 0 ? "accept" : header;
  }

  @Override
  public String headerValue(int index) {
    return index == 0 ? "*/*" : value;
  }
}
