package io.meshclient.cli.explain;

import io.meshclient.access.InboundConnection;
import io.meshclient.access.InboundRequest;
import java.util.List;
import okhttp3.Request;

/** A request from the command line as the workload that it is for gets it. */
record AskedInbound(Request request, InboundConnection connection) implements InboundRequest {

  @Override
  public String method() {
    return request.method();
  }

  @Override
  public String target() {
    String query = request.url().encodedQuery();
    return request.url().encodedPath() + (query == null ? "" : "?" + query);
  }

  @Override
  public String authority() {
    String host = request.header("Host");
    return host == null ? request.url().host() + ":" + request.url().port() : host;
  }

  @Override
  public List<String> headers(String name) {
    return request.headers(name);
  }
}
