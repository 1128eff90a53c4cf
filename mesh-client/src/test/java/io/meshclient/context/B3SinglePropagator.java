package io.meshclient.context;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.context.propagation.TextMapSetter;
import java.util.Collection;
import java.util.List;

/** Reads and writes {@code B3: traceid-spanid-1}, with a name in the case that B3's have. */
final class B3SinglePropagator implements TextMapPropagator {

  @Override
  public Collection<String> fields() {
    return List.of("B3");
  }

  @Override
  public <C> void inject(Context context, C carrier, TextMapSetter<C> setter) {
    SpanContext span = Span.fromContext(context).getSpanContext();
    if (span.isValid()) {
      setter.set(carrier, "B3", span.getTraceId() + "-" + span.getSpanId() + "-1");
    }
  }

  @Override
  public <C> Context extract(Context context, C carrier, TextMapGetter<C> getter) {
    String value = getter.get(carrier, "B3");
    if (value == null) {
      return context;
    }
    String[] parts = value.split("-");
    return context.with(
        Span.wrap(
            SpanContext.createFromRemoteParent(
                parts[0], parts[1], TraceFlags.getSampled(), TraceState.getDefault())));
  }
}
