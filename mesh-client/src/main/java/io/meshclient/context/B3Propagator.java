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
import org.jspecify.annotations.Nullable;

/**
 * <a href="https://github.com/openzipkin/b3-propagation">B3</a>, in one header or in several. It
 * reads the way that it writes. Ids of 64 bits are filled up with zeros, as OpenTelemetry's ids are
 * of 128.
 */
final class B3Propagator implements TextMapPropagator {
  static final String SINGLE = "b3";
  static final String TRACE_ID = "x-b3-traceid";
  static final String SPAN_ID = "x-b3-spanid";
  static final String SAMPLED = "x-b3-sampled";
  static final String FLAGS = "x-b3-flags";

  private static final String SHORT = "0".repeat(16);

  private final boolean single;

  B3Propagator(boolean single) {
    this.single = single;
  }

  @Override
  public Collection<String> fields() {
    return single ? List.of(SINGLE) : List.of(TRACE_ID, SPAN_ID, SAMPLED);
  }

  @Override
  public <C> void inject(Context context, @Nullable C carrier, TextMapSetter<C> setter) {
    SpanContext span = Span.fromContext(context).getSpanContext();
    if (!span.isValid()) {
      return;
    }
    String sampled = span.isSampled() ? "1" : "0";
    if (single) {
      setter.set(carrier, SINGLE, span.getTraceId() + "-" + span.getSpanId() + "-" + sampled);
    } else {
      setter.set(carrier, TRACE_ID, span.getTraceId());
      setter.set(carrier, SPAN_ID, span.getSpanId());
      setter.set(carrier, SAMPLED, sampled);
    }
  }

  @Override
  public <C> Context extract(Context context, @Nullable C carrier, TextMapGetter<C> getter) {
    SpanContext span = single ? readSingle(carrier, getter) : readMulti(carrier, getter);
    return span == null || !span.isValid() ? context : context.with(Span.wrap(span));
  }

  private static <C> @Nullable SpanContext readSingle(
      @Nullable C carrier, TextMapGetter<C> getter) {
    String value = getter.get(carrier, SINGLE);
    // traceid-spanid, then perhaps -sampled, then perhaps -parentspanid.
    int first = value == null ? -1 : value.indexOf('-');
    if (value == null || first < 0) {
      return null; // a decision without ids, or nothing
    }
    int second = value.indexOf('-', first + 1);
    String spanId = value.substring(first + 1, second < 0 ? value.length() : second);
    return span(value.substring(0, first), spanId, second >= 0 && isSampled(value, second + 1));
  }

  private static boolean isSampled(String value, int at) {
    boolean one =
        value.length() == at + 1 || value.length() > at + 1 && value.charAt(at + 1) == '-';
    return one && (value.charAt(at) == '1' || value.charAt(at) == 'd');
  }

  private static <C> @Nullable SpanContext readMulti(@Nullable C carrier, TextMapGetter<C> getter) {
    String traceId = getter.get(carrier, TRACE_ID);
    String spanId = getter.get(carrier, SPAN_ID);
    if (traceId == null || spanId == null) {
      return null;
    }
    String sampled = getter.get(carrier, SAMPLED);
    boolean isSampled =
        "1".equals(sampled) || "true".equals(sampled) || "1".equals(getter.get(carrier, FLAGS));
    return span(traceId, spanId, isSampled);
  }

  private static SpanContext span(String traceId, String spanId, boolean sampled) {
    return SpanContext.createFromRemoteParent(
        traceId.length() == SHORT.length() ? SHORT + traceId : traceId,
        spanId,
        sampled ? TraceFlags.getSampled() : TraceFlags.getDefault(),
        TraceState.getDefault());
  }
}
