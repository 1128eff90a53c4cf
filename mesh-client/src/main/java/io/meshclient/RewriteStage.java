package io.meshclient;

import java.io.IOException;
import java.util.Objects;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** Carries out the route's operations on the request: headers, path, Host. */
final class RewriteStage implements Stage {
  @Override
  public Response run(MeshCall call, Next next) throws IOException {
    Request request = call.request;
    Request.Builder builder = request.newBuilder();
    var destination = Objects.requireNonNull(call.destination);
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
