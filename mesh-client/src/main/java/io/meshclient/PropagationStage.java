package io.meshclient;

import io.meshclient.context.OutboundHeaders;
import java.io.IOException;
import okhttp3.Request;
import okhttp3.Response;

/** Carries on what travels with a request: the context's headers, the request id, the trace. */
final class PropagationStage implements Stage {
  private final OutboundHeaders outbound;

  PropagationStage(OutboundHeaders outbound) {
    this.outbound = outbound;
  }

  @Override
  public Response run(MeshCall call, Next next) throws IOException {
    Request original = call.request;
    Request.Builder builder = original.newBuilder();
    outbound.apply(
        call.context,
        original.url().host(),
        builder,
        (b, name) -> original.header(name) != null,
        Request.Builder::addHeader);
    call.request(builder.build());
    return next.proceed();
  }
}
