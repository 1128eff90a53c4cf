package io.meshclient.context;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.context.propagation.TextMapSetter;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code traceparent} and {@code tracestate} by <a
 * href="https://www.w3.org/TR/trace-context-2/">W3C Trace Context, level 2</a>, where
 * OpenTelemetry's propagator knows level 1. What it writes is as that one writes it.
 */
final class W3cPropagator implements TextMapPropagator {
  private static final TextMapPropagator WRITER = W3CTraceContextPropagator.getInstance();

  @Override
  public Collection<String> fields() {
    return WRITER.fields();
  }

  @Override
  public <C> void inject(Context context, @Nullable C carrier, TextMapSetter<C> setter) {
    WRITER.inject(context, carrier, setter);
  }

  @Override
  public <C> Context extract(Context context, @Nullable C carrier, TextMapGetter<C> getter) {
    String traceparent = traceparent(carrier, getter);
    if (traceparent == null) {
      return context;
    }
    return context.with(Span.wrap(span(traceparent, state(carrier, getter))));
  }

  /**
   * What another propagator read, with the {@code tracestate} that it dropped because it does not
   * know level 2. A state that it had no reason to drop stays dropped.
   */
  static <C> Context completed(Context read, C carrier, TextMapGetter<C> getter) {
    SpanContext span = Span.fromContext(read).getSpanContext();
    if (!span.isValid()
        || !span.getTraceState().isEmpty()
        || !(state(carrier, getter) instanceof TraceMembers members)) {
      return read;
    }
    String traceparent = traceparent(carrier, getter);
    if (traceparent == null
        || !TraceContextText.isOf(traceparent, span.getTraceId())
        || !TraceContextText.spanId(traceparent).equals(span.getSpanId())) {
      return read;
    }
    return read.with(Span.wrap(span(traceparent, members)));
  }

  private static <C> @Nullable String traceparent(@Nullable C carrier, TextMapGetter<C> getter) {
    String value = getter.get(carrier, HeaderRules.TRACEPARENT);
    return value == null ? null : TraceContextText.traceparent(value);
  }

  private static <C> TraceState state(@Nullable C carrier, TextMapGetter<C> getter) {
    String value = getter.get(carrier, HeaderRules.TRACESTATE);
    return value == null
        ? TraceState.getDefault()
        : TraceMembers.of(TraceContextText.tracestate(value));
  }

  private static SpanContext span(String traceparent, TraceState state) {
    return SpanContext.createFromRemoteParent(
        TraceContextText.traceId(traceparent),
        TraceContextText.spanId(traceparent),
        TraceFlags.fromByte((byte) TraceContextText.flags(traceparent)),
        state);
  }
}
