package io.meshclient;

import io.meshclient.policy.WeightedCluster;
import java.io.IOException;
import java.util.Objects;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Carries out the route's operations on the request: headers, path, Host. A destination that does
 * not exist has nothing to be sent to.
 */
final class RewriteStage implements Stage {
  @Override
  public Response run(MeshCall call, Next next) throws IOException {
    WeightedCluster destination = Objects.requireNonNull(call.destination);
    if (destination.cluster() == null) {
      call.flag("NC");
      return LocalReply.of(call.original, destination.statusIfMissing(), "");
    }
    Request request = call.request;
    Request.Builder builder = request.newBuilder();
    if (!destination.request().isEmpty()) {
      builder.headers(HeaderTarget.mutate(request.headers(), destination.request(), call));
    }
    String host = host(call);
    builder.header("Host", host == null ? call.view.authority() : host);
    String path = Objects.requireNonNull(call.route).rewrittenPath(call.view);
    HttpUrl url = request.url();
    if (!path.equals(url.encodedPath())) {
      url = url.newBuilder().encodedPath(path.startsWith("/") ? path : "/" + path).build();
    }
    call.request = builder.url(url).build();
    return next.proceed();
  }

  private static @Nullable String host(MeshCall call) {
    String ofDestination = Objects.requireNonNull(call.destination).hostRewrite();
    return ofDestination != null
        ? ofDestination
        : Objects.requireNonNull(call.forward).hostRewrite();
  }
}
