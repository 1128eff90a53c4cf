package io.meshclient.server;

import io.meshclient.context.InboundHeaders;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What every inbound request goes through, whatever server it came by. */
final class ServerPipeline {

  /** The rest of the way, ending in the application's handler. */
  @FunctionalInterface
  interface Next {

    void proceed() throws IOException;
  }

  private final InboundHeaders inbound;
  private final ExemptPaths exempt;
  private final List<Guard> guards;

  /**
   * @param exempt paths that no guard is asked about
   * @param guards in the order they are asked
   */
  ServerPipeline(InboundHeaders inbound, ExemptPaths exempt, List<Guard> guards) {
    this.inbound = inbound;
    this.exempt = exempt;
    this.guards = List.copyOf(guards);
  }

  /** The steps, in order; what each of them takes it gives back, whatever the handler throws. */
  void handle(Exchange exchange, @Nullable MeshPeer peer, Next handler) throws IOException {
    try (Scope scope = inbound.makeCurrent(exchange.headers());
        Scope withPeer = with(peer).makeCurrent()) {
      if (exempt.has(exchange.path()) || isAdmitted(exchange)) {
        handler.proceed();
      }
    }
  }

  private static Context with(@Nullable MeshPeer peer) {
    return peer == null ? Context.current() : peer.in(Context.current());
  }

  private boolean isAdmitted(Exchange exchange) throws IOException {
    for (Guard guard : guards) {
      if (!guard.admits(exchange)) {
        return false;
      }
    }
    return true;
  }
}
