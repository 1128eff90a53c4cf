package io.meshclient.context;

import io.opentelemetry.api.baggage.propagation.W3CBaggagePropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.context.propagation.TextMapSetter;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiPredicate;

/**
 * Which trace headers the configured propagator writes, and which of them belong together.
 *
 * <p>A format's headers stand or fall together: a {@code tracestate} beside another one's {@code
 * traceparent}, or {@code b3} beside an older {@code x-b3-spanid}, would name two places in a
 * trace.
 */
final class TraceHeaders {

  /** The headers of one way to write a trace's context. */
  enum Format {
    NONE,
    BAGGAGE,
    W3C,
    B3,
    /** Of the configured propagator, and neither W3C nor B3. */
    OTHER
  }

  private static final TextMapPropagator W3C_WITH_BAGGAGE =
      TextMapPropagator.composite(new W3cPropagator(), W3CBaggagePropagator.getInstance());

  private final TextMapPropagator propagator;
  private final List<String> others;
  private final boolean writesW3c;
  private final boolean writesB3;
  private final boolean writesBaggage;

  /** Where nobody has configured one, the W3C's formats are used; {@code of()} stands for none. */
  TraceHeaders(ContextPropagators propagators) {
    TextMapPropagator configured = propagators.getTextMapPropagator();
    boolean isNobodys = configured.fields().isEmpty() && !(configured instanceof OrderedPropagator);
    propagator = isNobodys ? W3C_WITH_BAGGAGE : configured;
    Set<String> fields = new TreeSet<>();
    propagator.fields().forEach(field -> fields.add(field.toLowerCase(Locale.ROOT)));
    writesW3c = fields.contains(HeaderRules.TRACEPARENT);
    writesB3 = fields.stream().anyMatch(TraceHeaders::isB3);
    writesBaggage = fields.contains(HeaderRules.BAGGAGE);
    others = fields.stream().filter(field -> common(field) == Format.NONE).toList();
  }

  /** Whether a request names a span in a format of the propagator's, or in the W3C's. */
  <C> boolean isTraced(C request, BiPredicate<? super C, String> has) {
    if (has.test(request, HeaderRules.TRACEPARENT)) {
      return true;
    }
    if (writesB3 && (has.test(request, "b3") || has.test(request, "x-b3-traceid"))) {
      return true;
    }
    for (int i = 0; i < others.size(); i++) {
      if (has.test(request, others.get(i))) {
        return true;
      }
    }
    return false;
  }

  TextMapPropagator propagator() {
    return propagator;
  }

  /** Writes the span, and what else there is, of a request that goes out. */
  <C> void inject(Context context, MeshContext mesh, C request, TextMapSetter<C> setter) {
    propagator.inject(ContinuedTrace.of(context, mesh), request, setter);
  }

  /** The names of {@link Format#OTHER}. */
  List<String> others() {
    return others;
  }

  Format format(String lowerName) {
    Format common = common(lowerName);
    return common == Format.NONE && others.contains(lowerName) ? Format.OTHER : common;
  }

  boolean writes(Format format) {
    return switch (format) {
      case W3C -> writesW3c;
      case B3 -> writesB3;
      case OTHER -> true;
      case BAGGAGE -> writesBaggage;
      case NONE -> false;
    };
  }

  /** The format of a name, {@link Format#NONE} if only some propagator knows it. */
  static Format common(String name) {
    return switch (name) {
      case HeaderRules.TRACEPARENT, HeaderRules.TRACESTATE -> Format.W3C;
      case HeaderRules.BAGGAGE -> Format.BAGGAGE;
      default -> isB3(name) ? Format.B3 : Format.NONE;
    };
  }

  private static boolean isB3(String name) {
    return name.equals("b3") || name.startsWith("x-b3-");
  }
}
