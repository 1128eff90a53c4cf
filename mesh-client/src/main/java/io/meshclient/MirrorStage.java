package io.meshclient;

import io.meshclient.policy.Cluster;
import io.meshclient.policy.MirrorPolicy;
import io.meshclient.policy.RouteAction;
import io.meshclient.upstream.Upstreams;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import okhttp3.Call;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/**
 * Sends copies to the route's mirrors: of the request as it is sent on, once, whatever the tries
 * behind do. Nothing of it shows to the caller. As in Envoy there is no copy where there is no
 * endpoint for the request itself.
 */
final class MirrorStage implements Stage {

  /** For routes that have no time of their own: Envoy's usual one. */
  private static final long DEFAULT_NANOS = TimeUnit.SECONDS.toNanos(15);

  private final Upstreams upstreams;
  private final Call.Factory transport;
  private final Mirrors mirrors;
  private final DoubleSupplier draws;

  /**
   * @param transport makes calls that end in a {@link MirrorInterceptor}
   */
  MirrorStage(Upstreams upstreams, Call.Factory transport, Mirrors mirrors, DoubleSupplier draws) {
    this.upstreams = upstreams;
    this.transport = transport;
    this.mirrors = mirrors;
    this.draws = draws;
  }

  @Override
  public Response run(MeshCall call, Next next) throws IOException {
    RouteAction.Forward forward = Objects.requireNonNull(call.forward);
    for (MirrorPolicy mirror : forward.mirrors()) {
      if (Draw.hits(draws, mirror.percent()) && goesOut(call)) {
        mirror(call, forward.toMirror(mirror, DEFAULT_NANOS));
      }
    }
    return next.proceed();
  }

  private boolean goesOut(MeshCall call) {
    Cluster cluster = Objects.requireNonNull(Objects.requireNonNull(call.destination).cluster());
    return call.request.header("Upgrade") == null
        && (cluster.discovery() == Cluster.Discovery.ORIGINAL
            || !upstreams.of(cluster).endpoints().isEmpty());
  }

  private void mirror(MeshCall call, RouteAction.Forward to) {
    Request request = call.request;
    RequestBody body = request.body();
    if (body != null) {
      body = BodyCopy.of(body);
      if (body == null) {
        mirrors.drop("a body that is sent once, or is larger than 1 MiB");
        return;
      }
    }
    Call copy =
        transport.newCall(
            request
                .newBuilder()
                .method(request.method(), body)
                .tag(
                    MirrorInterceptor.Copy.class,
                    new MirrorInterceptor.Copy(
                        to, call.original, call.context, call.policy, call.ownership))
                .build());
    copy.timeout().timeout(to.timeoutNanos(), TimeUnit.NANOSECONDS);
    mirrors.send(copy);
  }
}
