package io.meshclient;

import java.io.IOException;
import okhttp3.Headers;
import okhttp3.Response;

/** Carries out the route's header operations on whatever answer there is. */
final class ResponseHeadersStage implements Stage {
  @Override
  public Response run(MeshCall call, Next next) throws IOException {
    Response response = next.proceed();
    if (call.responseMutations().isEmpty()) {
      return response;
    }
    Headers headers = HeaderTarget.ofAnswer(call, response, call.responseMutations());
    return response.newBuilder().headers(headers).build();
  }
}
