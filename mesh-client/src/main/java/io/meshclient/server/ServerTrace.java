package io.meshclient.server;

import io.meshclient.access.AccessVerdict;
import io.meshclient.telemetry.RequestTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import org.jspecify.annotations.Nullable;

/** What is recorded of one inbound request. */
final class ServerTrace {
  private final RequestTelemetry telemetry;
  private final ServerFacts facts;
  private final Context context;
  private final @Nullable Span span;
  private final boolean conventions;

  /**
   * @param context in which the request is handled
   * @param span ours; {@code null} where there is another one's, or none
   * @param conventions whether OpenTelemetry's own metrics are ours to record
   */
  ServerTrace(
      RequestTelemetry telemetry,
      ServerFacts facts,
      Context context,
      @Nullable Span span,
      boolean conventions) {
    this.telemetry = telemetry;
    this.facts = facts;
    this.context = context;
    this.span = span;
    this.conventions = conventions;
  }

  Context context() {
    return context;
  }

  /** The request goes on by this id. */
  void named(@Nullable String id) {
    facts.named(id);
  }

  /** The handler, or whoever stood in its place, threw. */
  void failed(Throwable failure) {
    facts.failed(failure);
  }

  /** The answer is complete. */
  void ended(@Nullable AccessVerdict verdict) {
    facts.ended(verdict, Span.fromContext(context).getSpanContext());
    Span own = span;
    if (own != null) {
      if (own.isRecording() && verdict != null && verdict.rule() != null) {
        own.setAttribute("mesh.rule", verdict.rule());
      }
      telemetry.end(own, facts);
    }
    telemetry.count(facts, context, conventions);
  }
}
