package io.meshclient.access;

import java.util.List;

/** A request whose path is in its form. */
record NormalizedRequest(InboundRequest sent, String target) implements InboundRequest {
  @Override
  public String method() {
    return sent.method();
  }

  @Override
  public String authority() {
    return sent.authority();
  }

  @Override
  public List<String> headers(String name) {
    return sent.headers(name);
  }

  @Override
  public InboundConnection connection() {
    return sent.connection();
  }
}
