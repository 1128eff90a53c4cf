package io.meshclient.server;

import io.meshclient.access.RequestChanges;
import java.io.IOException;

/** Knows whether a request has come as far as the handler: what fails then is the handler's. */
final class OnceReached implements ServerPipeline.Next {
  private final ServerPipeline.Next handler;
  private boolean reached;

  OnceReached(ServerPipeline.Next handler) {
    this.handler = handler;
  }

  @Override
  public void proceed(RequestChanges changes) throws IOException {
    reached = true;
    handler.proceed(changes);
  }

  boolean reached() {
    return reached;
  }
}
