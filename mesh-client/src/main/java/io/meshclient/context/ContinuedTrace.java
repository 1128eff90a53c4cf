package io.meshclient.context;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import org.jspecify.annotations.Nullable;

/**
 * The current span as it is to be written on a request: with what <a
 * href="https://www.w3.org/TR/trace-context-2/">W3C Trace Context, level 2</a>, asks of whoever
 * goes on with a trace, though an SDK or another reader of the inbound request lost it.
 */
final class ContinuedTrace {

  private ContinuedTrace() {}

  /** {@code context}, or if anything is missing one with a copy of its span that has it. */
  static Context of(Context context, MeshContext mesh) {
    SpanContext span = Span.fromContext(context).getSpanContext();
    if (!span.isValid()) {
      return context;
    }
    String inbound = mesh.header(HeaderRules.TRACEPARENT);
    boolean continues = inbound != null && TraceContextText.isOf(inbound, span.getTraceId());
    byte had = span.getTraceFlags().asByte();
    byte flags = flags(had, continues ? inbound : null);
    TraceState state = continues ? state(span.getTraceState(), mesh) : span.getTraceState();
    if (flags == had && state == span.getTraceState()) {
      return context;
    }
    TraceFlags all = TraceFlags.fromByte(flags);
    return context.with(
        Span.wrap(SpanContext.create(span.getTraceId(), span.getSpanId(), all, state)));
  }

  /**
   * Whether the trace id is random stays for all of a trace as it came in ("<a
   * href="https://www.w3.org/TR/trace-context-2/#random-trace-id-flag">Random Trace ID Flag</a>");
   * flags that nobody knows are zero ("Other Flags").
   */
  private static byte flags(byte had, @Nullable String inbound) {
    int random = inbound == null ? had : TraceContextText.flags(inbound);
    return (byte) (had & TraceContextText.SAMPLED_FLAG | random & TraceContextText.RANDOM_FLAG);
  }

  /**
   * With the members that came in, if another reader than {@link InboundHeaders} had them, and
   * could not hold them: OpenTelemetry's loses all when it refuses one.
   */
  private static TraceState state(TraceState had, MeshContext mesh) {
    if (mesh.tellsSpan() || had instanceof TraceMembers) {
      return had;
    }
    String inbound = mesh.header(HeaderRules.TRACESTATE);
    return inbound != null
            && TraceMembers.of(TraceContextText.tracestate(inbound)) instanceof TraceMembers lost
        ? lost.behind(had)
        : had;
  }
}
