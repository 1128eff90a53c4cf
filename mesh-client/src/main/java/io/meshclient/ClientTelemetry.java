package io.meshclient;

import io.meshclient.context.OutboundHeaders;
import io.meshclient.telemetry.RequestTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import java.util.stream.Stream;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/** Records the calls of one client. */
final class ClientTelemetry {
  private static final String OPENTELEMETRY = "io.opentelemetry.";

  private final RequestTelemetry telemetry;
  private final StageSettings stages;
  private final OutboundHeaders outbound;

  ClientTelemetry(RequestTelemetry telemetry, StageSettings stages) {
    this.telemetry = telemetry;
    this.stages = stages;
    this.outbound = stages.outbound();
  }

  /** Whether OpenTelemetry's agent, or its library, makes a span of each try already. */
  static boolean isInstrumented(OkHttpClient client) {
    return Stream.concat(client.interceptors().stream(), client.networkInterceptors().stream())
        .anyMatch(interceptor -> interceptor.getClass().getName().startsWith(OPENTELEMETRY));
  }

  /**
   * A call begins. One whose request names a span already has it from an instrumentation above, and
   * gets none of ours.
   *
   * @param othersTrace whether another instrumentation makes a span of each try
   */
  CallTrace begin(Request request, Context context, boolean othersTrace) {
    boolean traces = telemetry.traces() && !isTraced(request);
    if (!traces && !telemetry.counts(true)) {
      return CallTrace.OFF;
    }
    @Nullable Span span = traces ? CallTrace.begin(telemetry, context, request) : null;
    return new CallTrace(telemetry, stages, context, span, othersTrace);
  }

  private boolean isTraced(Request request) {
    return outbound.isTraced(request, (of, name) -> of.header(name) != null);
  }
}
