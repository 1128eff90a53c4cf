package io.meshclient.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.data.DelegatingSpanData;
import io.opentelemetry.sdk.trace.data.SpanData;
import org.jspecify.annotations.Nullable;

/** A span that was not sampled and is reported all the same. */
final class ReportedSpan implements ReadableSpan {
  private final ReadableSpan span;

  ReportedSpan(ReadableSpan span) {
    this.span = span;
  }

  private static SpanContext sampled(SpanContext span) {
    return SpanContext.create(
        span.getTraceId(), span.getSpanId(), TraceFlags.getSampled(), span.getTraceState());
  }

  @Override
  public SpanContext getSpanContext() {
    return sampled(span.getSpanContext());
  }

  @Override
  public SpanContext getParentSpanContext() {
    return span.getParentSpanContext();
  }

  @Override
  public String getName() {
    return span.getName();
  }

  @Override
  public SpanData toSpanData() {
    return new SampledData(span.toSpanData());
  }

  @Override
  @Deprecated
  @SuppressWarnings("InlineMeSuggester") // it is OpenTelemetry's to go
  public io.opentelemetry.sdk.common.InstrumentationLibraryInfo getInstrumentationLibraryInfo() {
    return span.getInstrumentationLibraryInfo();
  }

  @Override
  public InstrumentationScopeInfo getInstrumentationScopeInfo() {
    return span.getInstrumentationScopeInfo();
  }

  @Override
  public boolean hasEnded() {
    return span.hasEnded();
  }

  @Override
  public long getLatencyNanos() {
    return span.getLatencyNanos();
  }

  @Override
  public SpanKind getKind() {
    return span.getKind();
  }

  @Override
  public <T> @Nullable T getAttribute(AttributeKey<T> key) {
    return span.getAttribute(key);
  }

  @Override
  public Attributes getAttributes() {
    return span.getAttributes();
  }

  private static final class SampledData extends DelegatingSpanData {
    SampledData(SpanData data) {
      super(data);
    }

    @Override
    public SpanContext getSpanContext() {
      return sampled(super.getSpanContext());
    }
  }
}
