package io.meshclient;

import java.io.IOException;
import okhttp3.Response;

/** The stages, in order, listed in one place: {@link MeshInterceptor}. */
final class Pipeline {
  private final Stage[] stages;

  Pipeline(Stage... stages) {
    this.stages = stages;
  }

  Response run(MeshCall call) throws IOException {
    return run(call, 0);
  }

  private Response run(MeshCall call, int index) throws IOException {
    return stages[index].run(call, () -> run(call, index + 1));
  }
}
