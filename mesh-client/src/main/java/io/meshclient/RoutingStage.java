package io.meshclient;

import io.meshclient.mesh.Capability;
import io.meshclient.policy.LeftToMesh;
import io.meshclient.policy.Route;
import io.meshclient.policy.RouteAction;
import io.meshclient.policy.VirtualHost;
import java.io.IOException;
import java.util.function.DoubleSupplier;
import okhttp3.Response;

/** Finds the route, draws among its destinations, and answers what no endpoint has to. */
final class RoutingStage implements Stage {
  private final DoubleSupplier draws;
  private final boolean retriesAboveMesh;

  /**
   * @param draws at least 0 and less than 100
   * @param retriesAboveMesh whether rules' retries are made above those of the mesh, too
   */
  RoutingStage(DoubleSupplier draws, boolean retriesAboveMesh) {
    this.draws = draws;
    this.retriesAboveMesh = retriesAboveMesh;
  }

  @Override
  public Response run(MeshCall call, Next next) throws IOException {
    call.virtualHost = call.policy.virtualHost(call.view);
    if (call.ownership.isMesh(Capability.ROUTING)) {
      return leave(call, next);
    }
    Route route =
        call.virtualHost == null ? call.policy.unknownHost() : call.virtualHost.route(call.view);
    call.route = route;
    if (route == null) {
      call.flag("NR");
      return LocalReply.of(call.original, 404, "");
    }
    if (route.action() instanceof RouteAction.Redirect redirect) {
      return LocalReply.of(call.original, redirect.status(), "")
          .newBuilder()
          .header("location", route.location(call.view, redirect))
          .build();
    }
    if (route.action() instanceof RouteAction.Direct direct) {
      return LocalReply.of(call.original, direct.status(), direct.body());
    }
    return forward(call, (RouteAction.Forward) route.action(), next);
  }

  /**
   * Routing is the mesh's. The rule by the configuration here is kept for what is the library's all
   * the same: the name of a breaker, the record.
   */
  private Response leave(MeshCall call, Next next) throws IOException {
    VirtualHost host = call.virtualHost;
    LeftToMesh left = host == null ? LeftToMesh.UNKNOWN_HOST : host.leftToMesh();
    Route matched = host == null ? null : host.route(call.view);
    call.route = matched == null ? left.route() : matched;
    call.forward = left.forward();
    if (matched != null && matched.action() instanceof RouteAction.Forward rule) {
      call.meshTimeoutNanos = rule.timeoutNanos();
      if (retriesAboveMesh && rule.retryPolicy().retries() > 0) {
        call.forward = left.retrying(rule.retryPolicy());
      }
    }
    call.destination = call.forward.pick(0);
    return next.proceed();
  }

  private Response forward(MeshCall call, RouteAction.Forward forward, Next next)
      throws IOException {
    call.forward = forward;
    if (forward.isSplit()) {
      call.draw = draws.getAsDouble();
    }
    call.destination = forward.pick(forward.isSplit() ? call.draw : 0);
    return next.proceed();
  }
}
