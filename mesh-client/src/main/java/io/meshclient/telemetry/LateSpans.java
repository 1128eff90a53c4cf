package io.meshclient.telemetry;

import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Holds what is recorded and not sampled until its part of the trace in this process ends, then
 * hands it on if a rule wants it and drops it otherwise; what ends behind that goes the same way.
 * Bounded: what would not fit is decided by itself.
 */
final class LateSpans implements SpanProcessor {
  private final SpanProcessor next;
  private final SamplingRules rules;
  private final HeldTraces held;
  private volatile boolean silentClient;
  private volatile boolean silentServer;

  /**
   * @param clock as {@link System#nanoTime}
   */
  LateSpans(SpanProcessor next, SamplingRules rules, LongSupplier clock) {
    this.next = next;
    this.rules = rules;
    this.held = new HeldTraces(clock);
  }

  /** Which sides' spans are not reported at all. */
  void silence(boolean client, boolean server) {
    silentClient = client;
    silentServer = server;
  }

  @Override
  public void onStart(Context parentContext, ReadWriteSpan span) {
    if (!span.getSpanContext().isSampled() && isLocalRoot(span)) {
      held.begin(span.getSpanContext().getTraceId());
    }
    next.onStart(parentContext, span);
  }

  @Override
  public boolean isStartRequired() {
    return true;
  }

  @Override
  public void onEnd(ReadableSpan span) {
    boolean silent = span.getKind() == SpanKind.SERVER ? silentServer : silentClient;
    if (!span.getSpanContext().isSampled()) {
      if (isLocalRoot(span)) {
        endRoot(span, silent);
      } else if (!silent) {
        endChild(span);
      }
    } else if (!silent) {
      next.onEnd(span);
    }
  }

  private static boolean isLocalRoot(ReadableSpan span) {
    SpanContext parent = span.getParentSpanContext();
    return !parent.isValid() || parent.isRemote();
  }

  private void endRoot(ReadableSpan root, boolean silent) {
    String id = root.getSpanContext().getTraceId();
    HeldTraces.Trace trace = held.get(id);
    boolean wanted =
        trace == null
            ? !silent && passes(root, List.of())
            : trace.wanted() || passes(root, trace.spans());
    held.end(id, wanted).forEach(this::report);
    if (wanted && !silent) {
      report(root);
    }
  }

  private void endChild(ReadableSpan span) {
    HeldTraces.Trace trace = held.hold(span.getSpanContext().getTraceId(), span);
    if (trace == null ? passes(span, List.of()) : trace.wanted()) {
      report(span);
    }
  }

  private void report(ReadableSpan span) {
    next.onEnd(new ReportedSpan(span));
  }

  private boolean passes(ReadableSpan root, List<ReadableSpan> others) {
    return isWanted(root, others) && rules.cap().passes();
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

  @Override
  public String toString() {
    return "LateSpans{" + next + "}";
  }
}
