package io.meshclient.server;

import io.meshclient.context.HeaderSource;
import io.meshclient.context.InboundHeaders;
import io.opentelemetry.context.Scope;
import java.io.IOException;

/** What every inbound request goes through, whatever server it came by. */
final class ServerPipeline {

  /** The rest of the way, ending in the application's handler. */
  @FunctionalInterface
  interface Next {

    void proceed() throws IOException;
  }

  private final InboundHeaders inbound;

  ServerPipeline(InboundHeaders inbound) {
    this.inbound = inbound;
  }

  /** The steps, in order; what each of them takes it gives back, whatever the handler throws. */
  void handle(HeaderSource headers, Next handler) throws IOException {
    try (Scope scope = inbound.makeCurrent(headers)) {
      handler.proceed();
    }
  }
}
