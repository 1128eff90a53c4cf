package io.meshclient.context;

import io.meshclient.context.TraceHeaders.Format;
import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapSetter;
import java.util.Locale;
import java.util.function.BiPredicate;

/** One outbound request: who writes each trace header, the application, the propagator or we. */
final class Outbound<C> {

  private static final TextMapSetter<Outbound<?>> SETTER =
      (outbound, name, value) -> {
        if (outbound != null) {
          outbound.injected(name.toLowerCase(Locale.ROOT), value);
        }
      };

  private final TraceHeaders trace;
  private final Context context;
  private final MeshContext mesh;
  private final C request;
  private final BiPredicate<? super C, String> has;
  private final OutboundHeaders.Adder<? super C> adder;

  private final boolean carriesW3c;
  private final boolean carriesB3;

  /** The current span is to be written on the request. */
  private final boolean injectsSpan;

  /** What came in, in the formats that the propagator writes, is older than the current span. */
  private final boolean inboundIsStale;

  private final boolean injectsBaggage;

  Outbound(
      TraceHeaders trace,
      Context context,
      MeshContext mesh,
      C request,
      BiPredicate<? super C, String> has,
      OutboundHeaders.Adder<? super C> adder) {
    this.trace = trace;
    this.context = context;
    this.mesh = mesh;
    this.request = request;
    this.has = has;
    this.adder = adder;
    carriesW3c = carries(HeaderRules.TRACEPARENT);
    carriesB3 = carries("b3") || carries("x-b3-traceid");
    boolean instrumented = trace.isTraced(request, has);
    SpanContext span = Span.fromContext(context).getSpanContext();
    injectsSpan = span.isValid() && !instrumented;
    inboundIsStale = instrumented || (span.isValid() && !mesh.tells(span));
    Baggage baggage = Baggage.fromContext(context);
    injectsBaggage = trace.writes(Format.BAGGAGE) && !baggage.isEmpty() && !mesh.tells(baggage);
  }

  /** Passes on all values of a header, unless the application or the propagator sets it. */
  void pass(int first) {
    String name = mesh.nameAt(first);
    if (!passes(trace.format(name)) || carries(name)) {
      return;
    }
    for (int i = first; i < mesh.size(); i++) {
      if (mesh.nameAt(i).equals(name)) {
        adder.add(request, name, mesh.valueAt(i));
      }
    }
  }

  void inject() {
    if (injectsBaggage || (injectsSpan && addsSpan())) {
      trace.inject(context, mesh, this, SETTER);
    }
  }

  private boolean passes(Format format) {
    return switch (format) {
      case NONE -> true;
      case BAGGAGE -> !injectsBaggage;
      case W3C -> !carriesW3c && !isStale(format);
      case B3 -> !carriesB3 && !isStale(format);
      case OTHER -> !isStale(format);
    };
  }

  private boolean isStale(Format format) {
    return inboundIsStale && trace.writes(format);
  }

  private void injected(String lowerName, String value) {
    Format format = trace.format(lowerName);
    boolean wanted = format == Format.BAGGAGE ? injectsBaggage : injectsSpan && !passedOn(format);
    if (wanted && !carries(lowerName)) {
      adder.add(request, lowerName, value);
    }
  }

  /** Whether the propagator has anything to say of the span that is not passed on already. */
  private boolean addsSpan() {
    return inboundIsStale
        || (trace.writes(Format.W3C) && !passedOn(Format.W3C))
        || (trace.writes(Format.B3) && !passedOn(Format.B3))
        || !trace.others().isEmpty();
  }

  /** Whether what came in says already, unchanged, what the propagator would write. */
  private boolean passedOn(Format format) {
    if (inboundIsStale) {
      return false;
    }
    for (int i = 0; i < mesh.size(); i++) {
      if (trace.format(mesh.nameAt(i)) == format) {
        return true;
      }
    }
    return false;
  }

  /** Whether the application's request has the header. */
  private boolean carries(String lowerName) {
    return has.test(request, lowerName);
  }
}
