package io.meshclient.server;

import io.meshclient.access.AccessVerdict;
import io.meshclient.context.MeshContext;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * What the handler's log lines can be told apart by, in SLF4J's {@link MDC}: {@code trace_id} and
 * {@code span_id}, {@code request_id}, {@code mesh_peer} who called, {@code mesh_rule} which rule
 * let the request in. What was there before comes back. For one thread.
 */
final class LogContext implements AutoCloseable {

  /** Key, value before; a value may be {@code null}. */
  private final List<@Nullable String> before = new ArrayList<>(10);

  private LogContext() {}

  /** Of the request whose context is {@code context}. */
  static LogContext of(Context context, Inbound request) {
    LogContext made = new LogContext();
    SpanContext span = Span.fromContext(context).getSpanContext();
    if (span.isValid()) {
      made.put("trace_id", span.getTraceId());
      made.put("span_id", span.getSpanId());
    }
    made.put("request_id", MeshContext.from(context).requestId());
    var peer = request.connection().peer();
    made.put("mesh_peer", peer == null ? null : peer.toString());
    AccessVerdict verdict = request.verdict();
    made.put("mesh_rule", verdict == null ? null : verdict.rule());
    return made;
  }

  private void put(String key, @Nullable String value) {
    if (value != null) {
      before.add(key);
      before.add(MDC.get(key));
      MDC.put(key, value);
    }
  }

  @Override
  public void close() {
    for (int i = 0; i < before.size(); i += 2) {
      String key = before.get(i);
      String value = before.get(i + 1);
      if (key != null && value != null) {
        MDC.put(key, value);
      } else if (key != null) {
        MDC.remove(key);
      }
    }
  }
}
