package io.meshclient;

import static java.util.Objects.requireNonNull;

import io.meshclient.telemetry.RequestTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * What is recorded of one call, redirects and all: its span, the spans of its tries, and, when its
 * answer has been read, metrics and a line in the access log.
 */
final class CallTrace {
  /** Nobody wants to know. */
  static final CallTrace OFF = new CallTrace();

  private static final String REDACTED = "REDACTED";

  private final @Nullable RequestTelemetry telemetry;
  private final @Nullable StageSettings stages;
  private final Context context;
  private final @Nullable Span span;
  private final boolean othersTrace;
  private final long startMillis = System.currentTimeMillis();
  private final long startNanos = System.nanoTime();
  private final AtomicInteger sent = new AtomicInteger();
  private volatile @Nullable MeshCall last;

  private CallTrace() {
    this.telemetry = null;
    this.stages = null;
    this.context = Context.root();
    this.span = null;
    this.othersTrace = true;
  }

  /**
   * @param span the call's; {@code null} where another instrumentation has one
   * @param othersTrace whether another instrumentation makes a span of each try
   */
  CallTrace(
      RequestTelemetry telemetry,
      StageSettings stages,
      Context context,
      @Nullable Span span,
      boolean othersTrace) {
    this.telemetry = telemetry;
    this.stages = stages;
    this.span = span;
    this.context = span == null ? context : context.with(span);
    this.othersTrace = othersTrace;
  }

  /** The call's, its span included. */
  Context context() {
    return context;
  }

  /** The call goes through the stages, once more if it follows a redirect. */
  void runs(MeshCall call) {
    if (this != OFF) {
      last = call;
      call.trace = this;
    }
  }

  /** Whether each try has a span: not where nobody would read it. */
  boolean tracesTries() {
    return span != null && !othersTrace && span.isRecording();
  }

  /** Begins the span of a try. */
  Span beginTry(Request request) {
    Span begun = begin(requireNonNull(telemetry), context, request);
    int before = sent.getAndIncrement();
    if (before > 0) {
      begun.setAttribute("http.request.resend_count", (long) before);
    }
    return begun;
  }

  static Span begin(RequestTelemetry telemetry, Context parent, Request request) {
    HttpUrl url = request.url();
    boolean hasUser = !url.username().isEmpty() || !url.password().isEmpty();
    HttpUrl shown = hasUser ? url.newBuilder().username(REDACTED).password(REDACTED).build() : url;
    return telemetry.startClient(
        parent, request.method(), shown.toString(), url.host(), url.port());
  }

  /** The call has its answer; the body is still to be read. */
  Response answered(Response response) {
    RequestTelemetry to = requireNonNull(telemetry);
    ClientFacts facts = facts(response, null);
    endSpan(to, facts);
    if (!to.counts(true)) {
      return response;
    }
    return LeasedBody.watch(
        response,
        new LeasedBody.Listener() {
          @Override
          public void over(@Nullable IOException broken) {
            facts.over();
            to.count(facts, context, !othersTrace);
          }

          @Override
          public void read(long bytes) {
            facts.read(bytes);
          }
        });
  }

  /** The call has no answer. */
  void failed(Throwable failure) {
    RequestTelemetry to = requireNonNull(telemetry);
    ClientFacts facts = facts(null, failure);
    endSpan(to, facts);
    facts.over();
    if (to.counts(true)) {
      to.count(facts, context, !othersTrace);
    }
  }

  private ClientFacts facts(@Nullable Response response, @Nullable Throwable failure) {
    return new ClientFacts(this, requireNonNull(telemetry).self(), last, response, failure);
  }

  private void endSpan(RequestTelemetry to, ClientFacts facts) {
    Span own = span;
    if (own == null) {
      // The span of an instrumentation above: what was decided is told there.
      facts.describe(Span.fromContext(context), stages);
      return;
    }
    facts.describe(own, stages);
    to.end(own, facts);
  }

  long startMillis() {
    return startMillis;
  }

  long startNanos() {
    return startNanos;
  }

  SpanContext spanContext() {
    return Span.fromContext(context).getSpanContext();
  }
}
