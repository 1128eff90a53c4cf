package io.meshclient;

import io.meshclient.istio.GrpcStatus;
import io.meshclient.upstream.ClusterState;
import io.meshclient.upstream.EndpointState;
import io.meshclient.upstream.Lease;
import java.io.IOException;
import java.io.InterruptedIOException;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;

/**
 * A try within the limits of its cluster's pool: waits for a connection, tells the cluster what
 * came of it, and gives the connection back when the answer's body is over, when there is no
 * answer, or when the call is cancelled, whichever comes first.
 */
final class LeasedTry {
  private final MeshCall call;
  private final ClusterState cluster;
  private final EndpointState endpoint;
  private final MeshClock clock;

  LeasedTry(MeshCall call, ClusterState cluster, EndpointState endpoint, MeshClock clock) {
    this.call = call;
    this.cluster = cluster;
    this.endpoint = endpoint;
    this.clock = clock;
  }

  Response run(Stage.Next send) throws IOException {
    Lease lease = cluster.pool().ask(endpoint);
    boolean leased = false;
    try {
      await(lease);
      Response response = answer(send);
      call.events.onCancel(lease::close);
      ConnectionLives.Use use = call.events.use();
      Response watched =
          LeasedBody.watch(
              response,
              broken -> {
                if (use != null) {
                  use.end();
                }
                lease.close();
                if (broken != null && !call.chain.call().isCanceled()) {
                  cluster.failed(endpoint, true, 503);
                }
              });
      leased = true;
      return watched;
    } finally {
      if (!leased) {
        lease.close();
        call.events.endUse();
      }
    }
  }

  private void await(Lease lease) throws IOException {
    if (lease.isWaiting()) {
      long left =
          call.tryDeadlineNanos == Long.MAX_VALUE
              ? Long.MAX_VALUE
              : call.tryDeadlineNanos - clock.nanoTime();
      if (!call.events.waitWhile(lease::isWaiting, call.chain.call(), left)) {
        throw Thread.currentThread().isInterrupted()
            ? new InterruptedIOException("interrupted while waiting for a connection")
            : new IOException("Canceled");
      }
      if (lease.isWaiting()) {
        throw new Failure(Failure.Kind.TRY_TIMEOUT, null);
      }
    }
    if (lease.isRefused()) {
      throw new Failure(Failure.Kind.OVERFLOW, null);
    }
  }

  private Response answer(Stage.Next send) throws IOException {
    try {
      Response response = send.proceed();
      cluster.answered(endpoint, status(call.request, response));
      cluster.multiplexed(endpoint, isMultiplexed(response.protocol()));
      return response;
    } catch (Failure e) {
      count(e);
      throw e;
    }
  }

  /**
   * What an answer counts as: of gRPC what {@code grpc-status} says, if it is in the headers. One
   * in the trailers comes too late, as it does for Envoy.
   */
  private static int status(Request request, Response response) {
    String grpc = LocalReply.isGrpc(request) ? response.header("grpc-status") : null;
    return grpc == null ? response.code() : GrpcStatus.toHttp(grpc);
  }

  /** A time that is up before there is a connection says nothing of the endpoint. */
  private void count(Failure failure) {
    switch (failure.kind) {
      case CONNECT, CONNECT_TIMEOUT -> cluster.failed(endpoint, false, 503);
      case RESET, REFUSED_STREAM -> cluster.failed(endpoint, true, 503);
      case TRY_TIMEOUT -> {
        if (failure.getCause() != null && call.events.connected()) {
          cluster.failed(endpoint, true, 504);
        }
      }
      case NO_ENDPOINT, OVERFLOW -> {}
    }
  }

  private static boolean isMultiplexed(Protocol protocol) {
    return protocol == Protocol.HTTP_2 || protocol == Protocol.H2_PRIOR_KNOWLEDGE;
  }
}
