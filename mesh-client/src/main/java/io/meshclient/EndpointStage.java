package io.meshclient;

import io.meshclient.identity.IdentityException;
import io.meshclient.mesh.Capability;
import io.meshclient.policy.Cluster;
import io.meshclient.policy.RouteAction;
import io.meshclient.upstream.ClusterState;
import io.meshclient.upstream.EndpointState;
import io.meshclient.upstream.Upstreams;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import okhttp3.Interceptor;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * One try: picks an endpoint, sends the request there within the try's time, and sorts out what
 * went wrong.
 */
final class EndpointStage implements Stage {

  /** OkHttp counts in milliseconds: a timeout this close to the end of the time is its end. */
  static final long SLACK_NANOS = 2_000_000;

  private final Upstreams upstreams;
  private final TlsOrigins tls;
  private final MeshClock clock;
  private final Transport http2;
  private final MeshTarget mesh;

  EndpointStage(StageSettings settings) {
    this.upstreams = settings.upstreams();
    this.tls = settings.tls();
    this.clock = settings.clock();
    this.http2 = new PlainHttp2(clock);
    this.mesh = new MeshTarget(settings.owners(), clock);
  }

  @Override
  public Response run(MeshCall call, Next next) throws IOException {
    Cluster cluster = Objects.requireNonNull(Objects.requireNonNull(call.destination).cluster());
    if (cluster.discovery() == Cluster.Discovery.ORIGINAL) {
      return call.ownership.isMesh(Capability.ENDPOINTS) ? leave(call) : passThrough(call);
    }
    ClusterState state = upstreams.of(cluster);
    call.upstream = state;
    EndpointState endpoint = pick(call, cluster, state);
    if (endpoint == null) {
      throw new Failure(Failure.Kind.NO_ENDPOINT, null);
    }
    call.tries(endpoint);
    call.events.limits(cluster.settings().pool());
    return new LeasedTry(call, state, endpoint, clock).run(() -> send(call, cluster, endpoint));
  }

  private static @Nullable EndpointState pick(MeshCall call, Cluster cluster, ClusterState state) {
    RouteAction.Forward forward = Objects.requireNonNull(call.forward);
    List<EndpointState> avoid = forward.retryPolicy().avoidPreviousHosts() ? call.tried : List.of();
    List<EndpointState> leave = forward.retryPolicy().remoteLocalities() ? call.tried : List.of();
    HashKey.settle(call, cluster);
    return call.hashKey != null && call.hashKey.isPresent()
        ? state.pick(call.hashKey.hash(), avoid, leave)
        : state.pick(avoid, leave);
  }

  /** The mesh finds the endpoint. */
  private Response leave(MeshCall call) throws IOException {
    try {
      Response response = mesh.proceed(call);
      limitBody(call, response);
      ConnectionLives.Use use = call.events.use();
      return use == null ? response : LeasedBody.watch(response, broken -> use.end());
    } catch (IOException e) {
      call.events.endUse();
      // What else goes wrong on the way to the proxy is no answer of the mesh's.
      boolean givenUp = call.chain.call().isCanceled() || Thread.currentThread().isInterrupted();
      throw isLate(call) && !givenUp ? new Failure(Failure.Kind.TRY_TIMEOUT, e) : e;
    }
  }

  /** To where the application meant it to go: nothing is known of it, so nothing is changed. */
  private Response passThrough(MeshCall call) throws IOException {
    call.events.reset();
    call.events.limits(null);
    call.events.mutual(null);
    Interceptor.Chain chain = call.chain.withRetryOnConnectionFailure(true);
    if (call.tryDeadlineNanos == Long.MAX_VALUE) {
      return EndpointTarget.sendOnLiving(call, Transport.CHAIN, chain, call.request);
    }
    // No rule gives it a time: it is the caller's own.
    int left = millis(Math.max(1, call.tryDeadlineNanos - clock.nanoTime()));
    chain =
        chain
            .withConnectTimeout(least(left, chain.connectTimeoutMillis()), TimeUnit.MILLISECONDS)
            .withReadTimeout(least(left, chain.readTimeoutMillis()), TimeUnit.MILLISECONDS)
            .withWriteTimeout(least(left, chain.writeTimeoutMillis()), TimeUnit.MILLISECONDS);
    try {
      Response response = EndpointTarget.sendOnLiving(call, Transport.CHAIN, chain, call.request);
      limitBody(call, response);
      return response;
    } catch (InterruptedIOException e) {
      throw timeout(call, e);
    }
  }

  private Response send(MeshCall call, Cluster cluster, EndpointState endpoint) throws IOException {
    long now = clock.nanoTime();
    long left =
        call.tryDeadlineNanos == Long.MAX_VALUE ? Long.MAX_VALUE : call.tryDeadlineNanos - now;
    if (left <= 0) {
      throw new Failure(Failure.Kind.TRY_TIMEOUT, null);
    }
    TlsOrigin.Material tls = material(call, cluster);
    call.events.mutual(tls == null ? null : tls.mutual());
    try {
      Response response =
          EndpointTarget.proceed(
              call, endpoint.endpoint(), tls, transport(call, cluster), chain(call, cluster, left));
      limitBody(call, response);
      return call.hashKey == null ? response : call.hashKey.handOut(response);
    } catch (InterruptedIOException e) {
      throw timeout(call, e);

    } catch (IOException e) {
      PeerIdentityException refused =
          tls == null || tls.mutual() == null
              ? null
              : PeerRefusal.in(e, cluster.service(), tls.mutual());
      if (refused != null) {
        throw new Failure(Failure.Kind.CONNECT, refused);
      }
      throw isLate(call) && !call.chain.call().isCanceled()
          ? new Failure(Failure.Kind.TRY_TIMEOUT, e)
          : failure(call, e);
    }
  }

  /** An https request has TLS of its own, which no rule replaces. */
  private TlsOrigin.@Nullable Material material(MeshCall call, Cluster cluster) throws IOException {
    if (call.request.url().isHttps()) {
      return null;
    }
    try {
      return tls.of(cluster, !call.ownership.isMesh(Capability.MTLS));
    } catch (IOException e) {
      call.events.reset();
      // What is wrong with the identity, the application has to hear.
      throw e instanceof IdentityException || e instanceof MeshCallException ? e : failure(call, e);
    }
  }

  /** HTTP/2 has no upgrade to another protocol: such a request stays with the client's own. */
  private Transport transport(MeshCall call, Cluster cluster) {
    return cluster.settings().http2() && call.request.header("Upgrade") == null
        ? http2
        : Transport.CHAIN;
  }

  private static Interceptor.Chain chain(MeshCall call, Cluster cluster, long left) {
    int connect = millis(Math.min(cluster.settings().connectTimeoutNanos(), left));
    Interceptor.Chain chain = call.chain.withConnectTimeout(connect, TimeUnit.MILLISECONDS);
    if (left != Long.MAX_VALUE) {
      int whole = millis(left);
      chain =
          chain
              .withReadTimeout(whole, TimeUnit.MILLISECONDS)
              .withWriteTimeout(whole, TimeUnit.MILLISECONDS);
    }
    return chain;
  }

  /** The route's time covers the body too; a try's ends with the headers. */
  private static void limitBody(MeshCall call, Response response) {
    if (call.tryDeadlineNanos == Long.MAX_VALUE || response.code() == 101) {
      return;
    }
    okio.Timeout timeout = response.body().source().timeout();
    timeout.timeout(call.chain.readTimeoutMillis(), TimeUnit.MILLISECONDS);
    if (call.deadlineNanos != Long.MAX_VALUE) {
      timeout.deadlineNanoTime(call.deadlineNanos);
    }
  }

  private IOException timeout(MeshCall call, InterruptedIOException e) {
    if (call.chain.call().isCanceled() || Thread.currentThread().isInterrupted()) {
      return e;
    }
    if (isLate(call)) {
      return new Failure(Failure.Kind.TRY_TIMEOUT, e);
    }
    // Else it is the client's own read timeout: the application's to hear of.
    return call.events.connected() ? e : new Failure(Failure.Kind.CONNECT_TIMEOUT, e);
  }

  private boolean isLate(MeshCall call) {
    return call.tryDeadlineNanos != Long.MAX_VALUE
        && call.tryDeadlineNanos - clock.nanoTime() <= SLACK_NANOS;
  }

  private static IOException failure(MeshCall call, IOException e) {
    if (call.chain.call().isCanceled()) {
      return e;
    }
    if (!call.events.connected()) {
      return new Failure(Failure.Kind.CONNECT, e);
    }
    String message = e.getMessage();
    return new Failure(
        message != null && message.endsWith("REFUSED_STREAM")
            ? Failure.Kind.REFUSED_STREAM
            : Failure.Kind.RESET,
        e);
  }

  /** The shorter of two times, of which the second may be 0 for none. */
  private static int least(int millis, int orNone) {
    return orNone == 0 ? millis : Math.min(millis, orNone);
  }

  private static int millis(long nanos) {
    return (int) Math.min(Integer.MAX_VALUE, Math.max(1, (nanos + 999_999) / 1_000_000));
  }
}
