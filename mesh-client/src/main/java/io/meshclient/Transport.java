package io.meshclient;

import java.io.IOException;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;

/** How one request gets from the pipeline to a connection. */
interface Transport {

  /** By the rest of its call's own chain, in a protocol of the application's client. */
  Transport CHAIN = (call, chain, request) -> chain.proceed(request);

  /**
   * Sends a request.
   *
   * @param chain with all settings that hold for it
   */
  Response send(MeshCall call, Interceptor.Chain chain, Request request) throws IOException;
}
