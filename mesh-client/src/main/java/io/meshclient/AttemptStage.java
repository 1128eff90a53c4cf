package io.meshclient;

import io.meshclient.context.OutboundHeaders;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import java.io.IOException;
import java.util.Locale;
import okhttp3.Request;
import okhttp3.Response;

/**
 * A span around each try, if the call has one that somebody will read: so that the server's span
 * hangs below the try that reached it.
 */
final class AttemptStage implements Stage {
  private final Stage endpoint;
  private final OutboundHeaders outbound;

  AttemptStage(Stage endpoint, OutboundHeaders outbound) {
    this.endpoint = endpoint;
    this.outbound = outbound;
  }

  @Override
  public Response run(MeshCall call, Next next) throws IOException {
    if (!call.trace.tracesTries()) {
      return endpoint.run(call, next);
    }
    Request before = call.request;
    Span span = call.trace.beginTry(before);
    Request.Builder stamped = before.newBuilder();
    outbound.stamp(call.context.with(span), stamped, Request.Builder::header);
    call.request = stamped.build();
    try {
      Response response = endpoint.run(call, next);
      answered(span, response);
      return response;
    } catch (IOException e) {
      failed(span, e);
      throw e;
    } finally {
      call.request = before;
      peer(span, call);
      span.end();
    }
  }

  private static void answered(Span span, Response response) {
    span.setAttribute("http.response.status_code", (long) response.code());
    String protocol = MeshCall.protocol(response.protocol());
    span.setAttribute("network.protocol.version", protocol.substring(protocol.indexOf('/') + 1));
    if (response.code() >= 400) {
      span.setAttribute("error.type", Integer.toString(response.code()));
      span.setStatus(StatusCode.ERROR);
    }
  }

  /** By its cause, if it has one: a {@link Failure} is of the library's own. */
  private static void failed(Span span, IOException e) {
    Throwable cause = e instanceof Failure && e.getCause() != null ? e.getCause() : e;
    span.setAttribute(
        "error.type",
        cause instanceof Failure failure
            ? failure.kind.name().toLowerCase(Locale.ROOT)
            : cause.getClass().getName());
    span.setStatus(StatusCode.ERROR, RetryStage.words(e));
  }

  private static void peer(Span span, MeshCall call) {
    var at = call.endpoint;
    if (at != null) {
      span.setAttribute("network.peer.address", at.endpoint().address());
      span.setAttribute("network.peer.port", (long) at.endpoint().port());
      if (!at.endpoint().name().isEmpty()) {
        span.setAttribute("mesh.endpoint", at.endpoint().name());
      }
    }
  }
}
