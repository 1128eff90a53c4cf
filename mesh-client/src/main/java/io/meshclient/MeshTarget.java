package io.meshclient;

import io.meshclient.mesh.MeshState;
import io.meshclient.policy.PoolLimits;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.Proxy;
import java.net.UnknownHostException;
import java.util.concurrent.TimeUnit;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;

/**
 * Sends a request the way a mesh's proxy wants it: by the name and port of its URL, in plain text,
 * with its Host, once. The proxy finds the endpoint.
 */
final class MeshTarget {

  /** Well below the hour after which Envoy closes an idle connection; a new one costs little. */
  private static final PoolLimits LIFE =
      new PoolLimits(
          PoolLimits.UNLIMITED,
          PoolLimits.UNLIMITED,
          PoolLimits.UNLIMITED,
          PoolLimits.UNLIMITED,
          null,
          new PoolLimits.Life(0, TimeUnit.MINUTES.toNanos(1), 0),
          null);

  /** The mesh's answer that its own time is over has to get through, too. */
  private static final long MARGIN_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Owners owners;
  private final MeshClock clock;

  MeshTarget(Owners owners, MeshClock clock) {
    this.owners = owners;
    this.clock = clock;
  }

  Response proceed(MeshCall call) throws IOException {
    call.events.limits(LIFE);
    call.events.mutual(null);
    Interceptor.Chain chain = timed(call, call.chain.withProxy(Proxy.NO_PROXY));
    try {
      Response response =
          EndpointTarget.send(call, Transport.CHAIN, chain, acceptable(call.request));
      report(call, response);
      return response;
    } catch (ConnectException e) {
      throw refused(call, e);
    } catch (UnknownHostException e) {
      throw unknown(call, e);
    }
  }

  /**
   * The application's times, of which that for reading must not end before the rule's own, which
   * the mesh minds; and the caller's, which stays.
   */
  private Interceptor.Chain timed(MeshCall call, Interceptor.Chain chain) throws IOException {
    long read = TimeUnit.MILLISECONDS.toNanos(chain.readTimeoutMillis());
    if (read > 0 && call.meshTimeoutNanos > 0) {
      read = Math.max(read, call.meshTimeoutNanos + MARGIN_NANOS);
    }
    if (call.tryDeadlineNanos == Long.MAX_VALUE) {
      return chain.withReadTimeout(millis(read), TimeUnit.MILLISECONDS);
    }
    long left = call.tryDeadlineNanos - clock.nanoTime();
    if (left <= 0) {
      throw new InterruptedIOException("timeout");
    }
    return chain
        .withConnectTimeout(least(left, chain.connectTimeoutMillis()), TimeUnit.MILLISECONDS)
        .withReadTimeout(millis(read == 0 ? left : Math.min(left, read)), TimeUnit.MILLISECONDS)
        .withWriteTimeout(least(left, chain.writeTimeoutMillis()), TimeUnit.MILLISECONDS);
  }

  private static int least(long nanos, int orNone) {
    return orNone == 0 ? millis(nanos) : Math.min(millis(nanos), orNone);
  }

  private static int millis(long nanos) {
    return nanos == 0
        ? 0
        : (int) Math.min(Integer.MAX_VALUE, Math.max(1, (nanos + 999_999) / 1_000_000));
  }

  /** Envoy refuses an upgrade to HTTP/2, which HTTP/1.1 clients offer without need. */
  private static Request acceptable(Request request) {
    String upgrade = request.header("Upgrade");
    if (upgrade == null || !upgrade.equalsIgnoreCase("h2c")) {
      return request;
    }
    return request
        .newBuilder()
        .removeHeader("Upgrade")
        .removeHeader("HTTP2-Settings")
        .removeHeader("Connection")
        .build();
  }

  private void report(MeshCall call, Response response) {
    ProxyReport report = ProxyReport.of(response);
    call.proxy = report;
    if (report == null) {
      return;
    }
    if (!report.flags().isEmpty()) {
      call.flag(report.flags());
    }
    if (report.own() && owners.state().readiness() == MeshState.Readiness.NOT_READY) {
      call.localProxy = "the local proxy answered by itself, and is not ready";
    }
  }

  /**
   * A sidecar takes every connection that is led through it: who refuses is not the destination.
   */
  private LocalProxyException refused(MeshCall call, ConnectException e) {
    MeshState state = owners.state();
    boolean notReady = state.readiness() == MeshState.Readiness.NOT_READY;
    String asked = state.readyEndpoint();
    String how =
        switch (state.readiness()) {
          case NOT_READY -> "is not ready" + (asked.isEmpty() ? "" : " by " + asked);
          case READY -> "was ready: has it ended, or is this address not led through it?";
          case UNKNOWN -> "does not listen, or this address is not led through it";
        };
    String message =
        call.view.authority() + ": connection refused; " + state.mode().proxy() + " " + how;
    call.localProxy = state.mode().proxy() + " " + how;
    return new LocalProxyException(message, notReady, e);
  }

  private UnknownHostException unknown(MeshCall call, UnknownHostException e) {
    UnknownHostException told =
        new UnknownHostException(
            call.request.url().host()
                + ": no such name in DNS (expected: the name of a Service, or of a ServiceEntry"
                + " that resolves: behind "
                + owners.state().mode().proxy()
                + " requests go by their URL's own name)");
    told.initCause(e);
    return told;
  }
}
