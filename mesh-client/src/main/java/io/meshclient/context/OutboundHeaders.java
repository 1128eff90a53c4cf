package io.meshclient.context;

import static java.util.Objects.requireNonNull;

import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.ContextPropagators;
import java.util.Locale;
import java.util.function.BiPredicate;

/**
 * Puts what travels on an outbound request, whatever HTTP client makes it.
 *
 * <p>What the application set on its request is never touched. Beyond that:
 *
 * <ul>
 *   <li>the {@link MeshContext}'s headers go out, credentials only to the hosts that the {@link
 *       PropagationPolicy} names;
 *   <li>a request id is made where there is none, if the policy carries {@code x-request-id};
 *   <li>a span begun in this process is injected by OpenTelemetry's propagator, in place of what
 *       came in in the formats that it writes; formats that it does not write go on unchanged;
 *   <li>where no span was begun, the trace headers that came in go on unchanged, and the propagator
 *       adds the formats of its own that did not come in;
 *   <li>a request that has {@code traceparent} already, or another header that the propagator
 *       writes, belongs to an instrumentation: nothing is injected, nor stale headers put beside;
 *   <li>the context's {@link Baggage}, unless empty or just what came in, goes out in place of the
 *       header that came in.
 * </ul>
 *
 * <p>Immutable, and safe from any thread.
 */
public final class OutboundHeaders {

  /**
   * Adds a header to an outbound request.
   *
   * @param <C> the request
   */
  @FunctionalInterface
  public interface Adder<C> {

    /**
     * Adds one value; called once for each value of a header.
     *
     * @param name in lower case
     */
    void add(C request, String name, String value);
  }

  private final PropagationPolicy policy;
  private final TraceHeaders trace;
  private final boolean makesRequestId;

  private OutboundHeaders(PropagationPolicy policy, ContextPropagators propagators) {
    this.policy = requireNonNull(policy, "policy");
    trace = new TraceHeaders(requireNonNull(propagators, "propagators"));
    makesRequestId = policy.takes(HeaderRules.REQUEST_ID);
  }

  /**
   * The way out by a policy.
   *
   * @param propagators how traces and baggage are written; without any, as the W3C's headers
   */
  public static OutboundHeaders create(PropagationPolicy policy, ContextPropagators propagators) {
    return new OutboundHeaders(policy, propagators);
  }

  /**
   * Whether a request has a trace's context on it already, and so belongs to an instrumentation.
   *
   * @param has as in {@link #apply}
   */
  public <C> boolean isTraced(C request, BiPredicate<? super C, String> has) {
    return trace.isTraced(request, has);
  }

  /**
   * Replaces the trace's headers on a request by those of another span: of one try of a call.
   *
   * @param setter replaces a header
   */
  public <C> void stamp(Context context, C request, Adder<? super C> setter) {
    trace.inject(
        context,
        MeshContext.from(context),
        request,
        (carrier, name, value) -> {
          String lower = name.toLowerCase(Locale.ROOT);
          if (trace.format(lower) != TraceHeaders.Format.BAGGAGE) {
            setter.add(request, lower, value);
          }
        });
  }

  /**
   * Puts the headers on a request. To be called once for each call that the application makes, not
   * for each attempt, so that its attempts share a request id.
   *
   * @param context of the thread that made the call, when it made it
   * @param host where the request goes, as the application wrote it, without a port
   * @param request handed to the two functions, and otherwise left alone
   * @param has whether the application's request has a header, case ignored; the name is in lower
   *     case. What {@code adder} has added may count or not.
   */
  public <C> void apply(
      Context context,
      String host,
      C request,
      BiPredicate<? super C, String> has,
      Adder<? super C> adder) {
    requireNonNull(context, "context");
    requireNonNull(host, "host");
    requireNonNull(has, "has");
    requireNonNull(adder, "adder");
    MeshContext stored = MeshContext.from(context);
    MeshContext mesh = makesRequestId ? stored.withRequestId() : stored;
    Outbound<C> outbound = new Outbound<>(trace, context, mesh, request, has, adder);
    for (int i = 0; i < mesh.size(); i++) {
      if (mesh.isFirst(i) && policy.sendsTo(host, mesh.nameAt(i))) {
        outbound.pass(i);
      }
    }
    outbound.inject();
  }
}
