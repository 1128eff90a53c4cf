package io.meshclient;

import java.io.IOException;
import okhttp3.Response;

/**
 * One step of the pipeline. A stage does one thing, reads what earlier stages put on the call, and
 * throws nothing but {@link IOException}s: OkHttp loses any other exception of an enqueued call.
 */
interface Stage {

  Response run(MeshCall call, Next next) throws IOException;

  /** The stages behind this one. */
  interface Next {
    Response proceed() throws IOException;
  }
}
