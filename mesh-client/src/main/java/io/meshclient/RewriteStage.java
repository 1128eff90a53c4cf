package io.meshclient;

import io.meshclient.mesh.Capability;
import io.meshclient.policy.WeightedCluster;
import java.io.IOException;
import java.util.Objects;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.Response;

/**
 * Carries out the route's operations on the request: headers, path, Host; where they are the
 * mesh's, only Host is settled. A destination that does not exist has nothing to be sent to.
 */
final class RewriteStage implements Stage {
  @Override
  public Response run(MeshCall call, Next next) throws IOException {
    if (call.ownership.isMesh(Capability.HEADERS)) {
      call.request = call.request.newBuilder().header("Host", call.view.authority()).build();
      return next.proceed();
    }
    WeightedCluster destination = Objects.requireNonNull(call.destination);
    if (destination.cluster() == null) {
      call.flag("NC");
      return LocalReply.of(call.original, destination.statusIfMissing(), "");
    }
    Request request = call.request;
    Request.Builder builder = request.newBuilder();
    if (!destination.request().isEmpty()) {
      builder.headers(HeaderTarget.ofRequest(call, destination.request()));
    }
    String host = Objects.requireNonNull(call.forward).hostRewrite(destination);
    builder.header("Host", host == null ? call.view.authority() : host);
    String path = Objects.requireNonNull(call.route).rewrittenPath(call.view);
    HttpUrl url = request.url();
    if (!path.equals(url.encodedPath())) {
      url = url.newBuilder().encodedPath(path.startsWith("/") ? path : "/" + path).build();
    }
    call.request = builder.url(url).build();
    return next.proceed();
  }
}
