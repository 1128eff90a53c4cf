package io.meshclient.telemetry;

import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Holds what is recorded and not sampled until its part of the trace in this process ends, then
 * hands it on if a rule wants it and drops it otherwise. Bounded: what would not fit is dropped.
 */
final class LateSpans implements SpanProcessor {
  private static final int MOST_TRACES = 1000;
  private static final int MOST_SPANS = 100;

  private final SpanProcessor next;
  private final SamplingRules rules;
  private final ConcurrentHashMap<String, List<ReadableSpan>> held = new ConcurrentHashMap<>();
  private volatile boolean silentClient;
  private volatile boolean silentServer;

  LateSpans(SpanProcessor next, SamplingRules rules) {
    this.next = next;
    this.rules = rules;
  }

  /** Which sides' spans are not reported at all. */
  void silence(boolean client, boolean server) {
    silentClient = client;
    silentServer = server;
  }

  @Override
  public void onStart(Context parentContext, ReadWriteSpan span) {
    next.onStart(parentContext, span);
  }

  @Override
  public boolean isStartRequired() {
    return next.isStartRequired();
  }

  @Override
  public void onEnd(ReadableSpan span) {
    if (span.getKind() == SpanKind.SERVER ? silentServer : silentClient) {
      return;
    }
    if (span.getSpanContext().isSampled()) {
      next.onEnd(span);
      return;
    }
    SpanContext parent = span.getParentSpanContext();
    if (parent.isValid() && !parent.isRemote()) {
      hold(span);
      return;
    }
    List<ReadableSpan> others = held.remove(span.getSpanContext().getTraceId());
    if (isWanted(span, others == null ? List.of() : others) && rules.cap().passes()) {
      if (others != null) {
        others.forEach(other -> next.onEnd(new ReportedSpan(other)));
      }
      next.onEnd(new ReportedSpan(span));
    }
  }

  private void hold(ReadableSpan span) {
    held.computeIfPresent(span.getSpanContext().getTraceId(), (id, spans) -> with(spans, span));
    if (held.size() < MOST_TRACES) {
      held.computeIfAbsent(span.getSpanContext().getTraceId(), id -> with(List.of(), span));
    }
  }

  private static List<ReadableSpan> with(List<ReadableSpan> spans, ReadableSpan span) {
    if (spans.size() >= MOST_SPANS || spans.contains(span)) {
      return spans;
    }
    List<ReadableSpan> more = new ArrayList<>(spans);
    more.add(span);
    return more;
  }

  private boolean isWanted(ReadableSpan root, List<ReadableSpan> others) {
    if (rules.slow() != null && root.getLatencyNanos() >= rules.slow().toNanos()) {
      return true;
    }
    return rules.errors() && (isError(root) || others.stream().anyMatch(LateSpans::isError));
  }

  private static boolean isError(ReadableSpan span) {
    return span.toSpanData().getStatus().getStatusCode() == StatusCode.ERROR;
  }

  @Override
  public boolean isEndRequired() {
    return true;
  }

  @Override
  public CompletableResultCode shutdown() {
    return next.shutdown();
  }

  @Override
  public CompletableResultCode forceFlush() {
    return next.forceFlush();
  }
}
