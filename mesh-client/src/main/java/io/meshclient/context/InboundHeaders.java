package io.meshclient.context;

import static java.util.Objects.requireNonNull;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.ContextPropagators;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Takes what travels from an inbound request, whatever framework holds it: the way in for every
 * server adapter.
 *
 * <p>The request's headers go through the {@link PropagationPolicy} into a {@link MeshContext},
 * with a request id made where there is none (if the policy carries {@code x-request-id}), and its
 * trace context and baggage through OpenTelemetry's propagator into the {@link Context}. What
 * another request may have left on the thread is not mixed in.
 *
 * <p>A header that breaks the limits or holds what no header may is left out, with a line in the
 * debug log that names it and no value; it is never an error to the request. As W3C Trace Context
 * asks, several {@code traceparent}s and a malformed one count as none, several {@code tracestate}
 * lines as one, and a {@code tracestate} alone as nothing.
 *
 * <p>Immutable, and safe from any thread.
 */
public final class InboundHeaders {

  private final PropagationPolicy policy;
  private final InboundTextMapGetter getter;
  private final TraceHeaders trace;
  private final boolean makesRequestId;
  private final ContextPropagators propagators;
  private final boolean takesDeadlines;

  private InboundHeaders(
      PropagationPolicy policy, ContextPropagators propagators, boolean takesDeadlines) {
    this.propagators = propagators;
    this.takesDeadlines = takesDeadlines;
    this.policy = requireNonNull(policy, "policy");
    trace = new TraceHeaders(requireNonNull(propagators, "propagators"));
    getter = new InboundTextMapGetter(policy);
    makesRequestId = policy.takes(HeaderRules.REQUEST_ID);
  }

  /**
   * The way in by a policy.
   *
   * @param propagators how traces and baggage are read; without any, by the W3C's headers
   */
  public static InboundHeaders create(PropagationPolicy policy, ContextPropagators propagators) {
    return new InboundHeaders(policy, propagators, false);
  }

  /**
   * This, but {@link MeshDeadline#HEADER} becomes the context's {@link MeshDeadline}: for servers
   * whose callers are trusted to say how long they wait.
   */
  public InboundHeaders takingDeadlines() {
    return new InboundHeaders(policy, propagators, true);
  }

  /**
   * Takes what travels and makes it the thread's context.
   *
   * @return to be closed on the same thread when the request has been handled
   */
  @SuppressWarnings("MustBeClosedChecker") // the caller closes it
  public Scope makeCurrent(HeaderSource headers) {
    return extract(Context.current(), headers).makeCurrent();
  }

  /**
   * Takes what travels.
   *
   * @param parent if it has a valid span, an instrumentation has read the trace already, and it is
   *     not read again
   * @return {@code parent} with the request's {@link MeshContext}, and its remote span and baggage
   */
  public Context extract(Context parent, HeaderSource headers) {
    requireNonNull(parent, "parent");
    requireNonNull(headers, "headers");
    Context taken = extractHeaders(parent, headers);
    MeshDeadline deadline = takesDeadlines ? deadline(headers) : null;
    return deadline == null ? taken : deadline.storeInContext(taken);
  }

  private static @Nullable MeshDeadline deadline(HeaderSource headers) {
    List<String> values = InboundTextMapGetter.values(headers, MeshDeadline.HEADER);
    return values.size() == 1 ? MeshDeadline.parse(values.get(0).strip()) : null;
  }

  private Context extractHeaders(Context parent, HeaderSource headers) {
    boolean isTraced = Span.fromContext(parent).getSpanContext().isValid();
    MeshContext.Builder mesh = MeshContext.builder();
    take(headers, mesh);
    if (isTraced) {
      return store(mesh, parent);
    }
    Context read = trace.propagator().extract(parent, headers, getter);
    Context context = W3cPropagator.completed(read, headers, getter);
    return store(mesh.origin(context), context);
  }

  private Context store(MeshContext.Builder mesh, Context context) {
    MeshContext taken = mesh.build();
    return (makesRequestId ? taken.withRequestId() : taken).storeIn(context);
  }

  private void take(HeaderSource headers, MeshContext.Builder mesh) {
    Intake intake = new Intake(headers, mesh, policy);
    for (String name : headers.names()) {
      String lower = name.toLowerCase(Locale.ROOT);
      if (policy.takesByName(lower)) {
        intake.take(lower);
      }
    }
    // Names first: a flood of headers under a prefix must not push the named ones out.
    if (policy.hasPrefixes()) {
      for (String name : headers.names()) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (policy.takesByPrefix(lower)) {
          intake.take(lower);
        }
      }
    }
    if (!mesh.has(HeaderRules.TRACEPARENT)) {
      mesh.remove(HeaderRules.TRACESTATE);
    }
  }
}
