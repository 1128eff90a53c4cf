package io.meshclient;

import java.io.IOException;
import okhttp3.Response;

/** Finds out what of the request is the mesh's: later stages leave that alone. */
final class OwnershipStage implements Stage {
  private final Owners owners;

  OwnershipStage(Owners owners) {
    this.owners = owners;
  }

  @Override
  public Response run(MeshCall call, Next next) throws IOException {
    call.ownership = owners.of(call.policy, call.request.url(), call.view);
    Response response = next.proceed();
    if (owners.detector().listens()) {
      hear(response);
    }
    return response;
  }

  /** Anybody can write these: they are a reason to look again, and no more. */
  private void hear(Response response) {
    String server = response.header("server");
    boolean envoy = server != null && (server.equals("envoy") || server.equals("istio-envoy"));
    if (envoy && response.header(ProxyReport.UPSTREAM_TIME) != null) {
      owners.detector().hear("server: " + server);
    } else if (response.header("l5d-proxy-error") != null) {
      owners.detector().hear("l5d-proxy-error");
    }
  }
}
