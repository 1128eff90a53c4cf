package io.meshclient.server;

import io.meshclient.context.InboundHeaders;
import io.meshclient.telemetry.RequestTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Records the requests of a server. A request that comes with a span open already, an agent's or a
 * framework's, gets none of ours.
 */
final class ServerTelemetry {
  private final RequestTelemetry telemetry;
  private final InboundHeaders inbound;
  private final LongSupplier clock;

  ServerTelemetry(RequestTelemetry telemetry, InboundHeaders inbound, LongSupplier clock) {
    this.telemetry = telemetry;
    this.inbound = inbound;
    this.clock = clock;
  }

  /**
   * A request has come; its span begins.
   *
   * @return {@code null} where nobody wants to know
   */
  @Nullable ServerTrace begin(Inbound request, long startedNanos) {
    boolean traces = telemetry.traces();
    boolean counts = telemetry.counts(false);
    if (!traces && !counts) {
      return null;
    }
    if (counts) {
      request.exchange().countBodies();
    }
    Context before = Context.current();
    boolean isTraced = Span.fromContext(before).getSpanContext().isValid();
    ServerFacts facts = new ServerFacts(request, telemetry.self(), startedNanos, clock);
    if (!traces || isTraced) {
      return new ServerTrace(telemetry, facts, before, null, !isTraced);
    }
    Context caller = inbound.extract(before, request);
    Span span = telemetry.startServer(caller, facts);
    return new ServerTrace(telemetry, facts, caller.with(span), span, true);
  }
}
