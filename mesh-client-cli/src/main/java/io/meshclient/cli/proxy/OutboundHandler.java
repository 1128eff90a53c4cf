package io.meshclient.cli.proxy;

import io.meshclient.resilience.CircuitOpenException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends each request on through the client, and its answer back, on one thread. */
final class OutboundHandler extends Handler.Abstract {
  private static final Logger log = LoggerFactory.getLogger(OutboundHandler.class);
  private static final int BAD_GATEWAY = 502;
  private static final int UNAVAILABLE = 503;

  private final OkHttpClient http;

  OutboundHandler(OkHttpClient http) {
    this.http = http;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    ClientWatch watch = new ClientWatch(endPoint(request));
    try {
      Call call = http.newCall(ForwardedRequest.of(request, watch));
      forward(call, watch, request, response, callback);
    } catch (Refused e) {
      // What the client sends next may be meant for a tunnel.
      response.getHeaders().put(HttpFields.CONNECTION_CLOSE);
      PlainErrors.write(response, e.status(), e.getMessage(), callback);
    } catch (IOException e) {
      log.debug("The request broke off: {}", request, e);
      callback.failed(e);
    }
    return true;
  }

  private static void forward(
      Call call, ClientWatch watch, Request request, Response response, Callback callback) {
    try (watch) {
      watch.begin(call::cancel);
      try (okhttp3.Response answer = call.execute()) {
        ForwardedAnswer.copy(answer, request, response);
      }
    } catch (IOException | RuntimeException e) {
      fail(call, request, response, callback, e);
      return;
    }
    callback.succeeded();
  }

  /** An answer that has begun cannot be taken back: it breaks off as the destination's did. */
  private static void fail(
      Call call, Request request, Response response, Callback callback, Exception failure) {
    if (failure instanceof RuntimeException) {
      log.error("Call failed: {}", request, failure);
    } else {
      log.debug("Call failed: {}", request, failure);
    }
    if (call.isCanceled() || response.isCommitted()) {
      callback.failed(failure);
      return;
    }
    response.reset();
    if (failure instanceof CircuitOpenException open) {
      tellWhenToComeBack(open, response);
      PlainErrors.write(response, UNAVAILABLE, open.getMessage(), callback);
      return;
    }
    String message = failure.getMessage();
    String kind = failure.getClass().getSimpleName();
    PlainErrors.write(
        response, BAD_GATEWAY, message == null ? kind : kind + ": " + message, callback);
  }

  private static void tellWhenToComeBack(CircuitOpenException open, Response response) {
    Instant until = open.until();
    if (until != null) {
      long seconds = Math.max(1, Duration.between(Instant.now(), until).toSeconds() + 1);
      response.getHeaders().put(HttpHeader.RETRY_AFTER, Long.toString(seconds));
    }
  }

  private static EndPoint endPoint(Request request) {
    return request.getConnectionMetaData().getConnection().getEndPoint();
  }
}
