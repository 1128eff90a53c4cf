package io.meshclient.telemetry;

import static java.util.Objects.requireNonNull;

import io.meshclient.context.Redaction;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.ContextPropagators;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Records requests: by OpenTelemetry's API, whoever set it up, and into access logs. Where nobody
 * did, and no log is asked for, it is off and costs nothing. Safe from any thread.
 */
public final class RequestTelemetry implements AutoCloseable {
  private static final String SCOPE = "io.meshclient";
  private static final Tracer NO_TRACER = OpenTelemetry.noop().getTracer(SCOPE);
  private static final Meter NO_METER = OpenTelemetry.noop().getMeter(SCOPE);

  private final Tracer tracer;
  private final @Nullable RequestMetrics metrics;
  private final Peer self;
  private final ContextPropagators propagators;
  private final Supplier<TelemetryPolicy> policy;
  private final AccessLogWriter log = new AccessLogWriter();

  private RequestTelemetry(
      OpenTelemetry openTelemetry,
      ContextPropagators propagators,
      Peer self,
      Supplier<TelemetryPolicy> policy) {
    this.self = self;
    this.policy = policy;
    this.propagators = propagators;
    this.tracer = openTelemetry.getTracer(SCOPE);
    Meter meter = openTelemetry.getMeter(SCOPE);
    this.metrics = meter == NO_METER ? null : new RequestMetrics(meter);
    if (metrics != null) {
      meter
          .counterBuilder("mesh.access_log.dropped")
          .setDescription("Lines of access logs that could not be written")
          .setUnit("{line}")
          .buildWithCallback(measurement -> measurement.record(log.dropped()));
    }
  }

  /**
   * What records by an OpenTelemetry.
   *
   * @param propagators how its traces are read and written
   * @param self the workload whose requests they are
   * @param policy the one in force
   */
  public static RequestTelemetry create(
      OpenTelemetry openTelemetry,
      ContextPropagators propagators,
      Peer self,
      Supplier<TelemetryPolicy> policy) {
    return new RequestTelemetry(
        requireNonNull(openTelemetry, "openTelemetry"),
        requireNonNull(propagators, "propagators"),
        requireNonNull(self, "self"),
        requireNonNull(policy, "policy"));
  }

  /** The workload whose requests are recorded. */
  public Peer self() {
    return self;
  }

  /** How its traces are read and written. */
  public ContextPropagators propagators() {
    return propagators;
  }

  /** Whether there is somebody who takes spans. */
  public boolean traces() {
    return tracer != NO_TRACER;
  }

  /** Whether anybody wants to hear when a request of this side is over. */
  public boolean counts(boolean isClient) {
    return metrics != null || !policy.get().side(isClient).logs().isEmpty();
  }

  /** Begins the span of a call, or of one try of it. */
  public Span startClient(Context parent, String method, String url, String host, int port) {
    return start(parent, method, SpanKind.CLIENT)
        .setAttribute(HttpAttributes.URL, Redaction.path(url))
        .setAttribute(HttpAttributes.HOST, host)
        .setAttribute(HttpAttributes.PORT, (long) port)
        .startSpan();
  }

  /** Begins the span of a request that came in. */
  public Span startServer(Context parent, RequestFacts facts) {
    String path = Redaction.path(facts.path());
    int query = path.indexOf('?');
    SpanBuilder builder =
        start(parent, facts.method(), SpanKind.SERVER)
            .setAttribute(HttpAttributes.SCHEME, facts.scheme())
            .setAttribute(HttpAttributes.PATH, query < 0 ? path : path.substring(0, query))
            .setAttribute(HttpAttributes.HOST, Hosts.name(facts.authority()))
            .setAttribute(
                HttpAttributes.PORT, (long) Hosts.port(facts.authority(), facts.scheme()));
    if (query >= 0) {
      builder.setAttribute(HttpAttributes.QUERY, path.substring(query + 1));
    }
    String agent = facts.requestHeader("user-agent");
    if (agent != null) {
      builder.setAttribute(HttpAttributes.AGENT, agent);
    }
    String client = facts.downstreamHost();
    if (client != null) {
      builder.setAttribute(HttpAttributes.CLIENT, Hosts.name(client));
    }
    return builder.startSpan();
  }

  private SpanBuilder start(Context parent, String method, SpanKind kind) {
    String known = HttpAttributes.method(method);
    boolean odd = known.equals(HttpAttributes.OTHER_METHOD);
    SpanBuilder builder =
        tracer
            .spanBuilder(HttpAttributes.name(method))
            .setParent(parent)
            .setSpanKind(kind)
            .setAttribute(HttpAttributes.METHOD, known);
    return odd ? builder.setAttribute(HttpAttributes.METHOD_AS_SENT, method) : builder;
  }

  /** Ends a span of {@link #startServer}, or a call's, with what came of the request. */
  public void end(Span span, RequestFacts facts) {
    if (span.isRecording()) {
      HttpAttributes.end(span, facts);
      for (TracingPolicy.Tag tag : policy.get().side(facts.isClient()).tracing().tags()) {
        String value = tag.value().apply(facts);
        if (value != null) {
          span.setAttribute(tag.name(), value);
        }
      }
    }
    span.end();
  }

  /**
   * Counts and logs a request that is over.
   *
   * @param context of the request, for examples that metrics keep
   * @param conventions whether OpenTelemetry's own metrics are ours to record, rather than another
   *     instrumentation's
   */
  public void count(RequestFacts facts, Context context, boolean conventions) {
    SidePolicy side = policy.get().side(facts.isClient());
    if (metrics != null) {
      metrics.record(facts, side.metrics(), context, conventions);
    }
    for (AccessLogSink sink : side.logs()) {
      if (sink.takes(facts)) {
        log.write(sink.path(), sink.format().line(facts));
      }
    }
  }

  /** Writes what is left of access logs. */
  @Override
  public void close() {
    log.close();
  }
}
