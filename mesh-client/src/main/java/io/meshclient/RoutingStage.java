package io.meshclient;

import io.meshclient.policy.Route;
import io.meshclient.policy.RouteAction;
import java.io.IOException;
import java.util.function.DoubleSupplier;
import okhttp3.Response;

/** Finds the route, draws among its destinations, and answers what no endpoint has to. */
final class RoutingStage implements Stage {
  private final DoubleSupplier draws;

  /**
   * @param draws at least 0 and less than 100
   */
  RoutingStage(DoubleSupplier draws) {
    this.draws = draws;
  }

  @Override
  public Response run(MeshCall call, Next next) throws IOException {
    call.virtualHost = call.policy.virtualHost(call.view);
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
