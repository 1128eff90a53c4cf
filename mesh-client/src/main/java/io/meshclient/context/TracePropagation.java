package io.meshclient.context;

import static java.util.Objects.requireNonNull;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.baggage.propagation.W3CBaggagePropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a trace's context is read from requests that come in, and written on those that go out: for
 * {@code MeshClient.builder().propagators(...)} and its kin, or for an OpenTelemetry SDK.
 *
 * <p>Of the trace formats that are read the first in order that names a span holds. Headers of
 * formats that are not written travel on unchanged.
 */
public final class TracePropagation {

  /** OpenTelemetry's variable, such as {@code tracecontext,baggage,b3multi}. */
  public static final String VARIABLE = "OTEL_PROPAGATORS";

  private static final Logger log = LoggerFactory.getLogger(TracePropagation.class);
  private static final List<TraceFormat> USUAL = List.of(TraceFormat.W3C, TraceFormat.BAGGAGE);

  private TracePropagation() {}

  /** Reads these formats, in this order, and writes all of them; without any, none. */
  public static ContextPropagators of(TraceFormat... formats) {
    List<TraceFormat> all = List.of(requireNonNull(formats, "formats"));
    return of(all, all);
  }

  /**
   * Reads some formats and writes others.
   *
   * @param reads in order
   */
  public static ContextPropagators of(List<TraceFormat> reads, List<TraceFormat> writes) {
    List<TextMapPropagator> traces = new ArrayList<>();
    List<TextMapPropagator> others = new ArrayList<>();
    for (TraceFormat format : new LinkedHashSet<>(requireNonNull(reads, "reads"))) {
      (format == TraceFormat.BAGGAGE ? others : traces).add(propagator(format));
    }
    List<TextMapPropagator> writers =
        new LinkedHashSet<>(requireNonNull(writes, "writes"))
            .stream().map(TracePropagation::propagator).toList();
    return ContextPropagators.create(new OrderedPropagator(traces, others, writers));
  }

  /**
   * As {@code OTEL_PROPAGATORS} says: {@code tracecontext}, {@code baggage}, {@code b3}, {@code
   * b3multi}, separated by commas, or {@code none}. The W3C's formats where it says nothing.
   *
   * @return {@code null} for {@code none}
   * @throws IllegalArgumentException if it names another one
   */
  public static @Nullable ContextPropagators fromEnvironment(Map<String, String> environment) {
    String text = requireNonNull(environment, "environment").getOrDefault(VARIABLE, "").strip();
    Set<TraceFormat> formats = new LinkedHashSet<>();
    boolean none = false;
    for (String name : text.split(",", -1)) {
      switch (name.strip().toLowerCase(Locale.ROOT)) {
        case "tracecontext" -> formats.add(TraceFormat.W3C);
        case "baggage" -> formats.add(TraceFormat.BAGGAGE);
        case "b3" -> formats.add(TraceFormat.B3);
        case "b3multi" -> formats.add(TraceFormat.B3_MULTI);
        case "none" -> none = true;
        case "" -> {}
        default ->
            throw new IllegalArgumentException(
                VARIABLE
                    + ": "
                    + HeaderRules.printable(name)
                    + " (expected: tracecontext, baggage, b3, b3multi, none)");
      }
    }
    if (none) {
      return null;
    }
    List<TraceFormat> all = formats.isEmpty() ? USUAL : List.copyOf(formats);
    return of(all, all);
  }

  /**
   * What an OpenTelemetry is configured with, or if that is nothing, as where there is none, what
   * {@link #VARIABLE} says; nothing if that is not set either, for which the W3C's formats are
   * used.
   *
   * <p>A format that nobody here knows is one for an agent, perhaps: it is logged, and no error.
   */
  public static ContextPropagators of(
      OpenTelemetry openTelemetry, Map<String, String> environment) {
    ContextPropagators theirs = requireNonNull(openTelemetry, "openTelemetry").getPropagators();
    if (!theirs.getTextMapPropagator().fields().isEmpty()
        || requireNonNull(environment, "environment").getOrDefault(VARIABLE, "").isBlank()) {
      return theirs;
    }
    try {
      ContextPropagators named = fromEnvironment(environment);
      return named == null ? theirs : named;
    } catch (IllegalArgumentException e) {
      log.warn("Not used: {}", e.getMessage());
      return theirs;
    }
  }

  private static TextMapPropagator propagator(TraceFormat format) {
    return switch (format) {
      case W3C -> new W3cPropagator();
      case B3 -> new B3Propagator(true);
      case B3_MULTI -> new B3Propagator(false);
      case BAGGAGE -> W3CBaggagePropagator.getInstance();
    };
  }
}
