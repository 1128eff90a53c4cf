package io.meshclient.context;

import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads an inbound request for OpenTelemetry's propagators, which ask for one value where HTTP
 * allows several lines.
 */
final class InboundTextMapGetter implements TextMapGetter<HeaderSource> {

  private final PropagationPolicy policy;

  InboundTextMapGetter(PropagationPolicy policy) {
    this.policy = policy;
  }

  /**
   * A header's lines as they count: several {@code traceparent}s as none (W3C Trace Context,
   * section 3.2.1), those of {@code tracestate} and {@code baggage} as one list (section 3.3.1; RFC
   * 9110, section 5.3).
   */
  static List<String> values(HeaderSource headers, String lowerName) {
    List<String> values = headers.values(lowerName);
    if (values.size() < 2) {
      return values;
    }
    return switch (lowerName) {
      case HeaderRules.TRACEPARENT -> List.of();
      case HeaderRules.TRACESTATE, HeaderRules.BAGGAGE -> List.of(String.join(",", values));
      default -> values;
    };
  }

  @Override
  @SuppressWarnings("deprecation") // propagators of other formats still ask for it
  public Iterable<String> keys(HeaderSource headers) {
    return headers.names();
  }

  @Override
  public @Nullable String get(@Nullable HeaderSource headers, String name) {
    List<String> values = fitting(headers, name);
    return values.isEmpty() ? null : values.get(0);
  }

  @Override
  public Iterator<String> getAll(@Nullable HeaderSource headers, String name) {
    return fitting(headers, name).iterator();
  }

  private List<String> fitting(@Nullable HeaderSource headers, String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (headers == null || isDenied(lower)) {
      return List.of();
    }
    List<String> values = values(headers, lower);
    for (int i = 0; i < values.size(); i++) {
      if (HeaderRules.problem(values.get(i), policy.maxValueLength()) != null) {
        return List.of();
      }
    }
    return values.isEmpty() ? values : repaired(lower, values);
  }

  /** As the recommendation reads them, so that every propagator does. */
  private static List<String> repaired(String lowerName, List<String> values) {
    return switch (lowerName) {
      case HeaderRules.TRACEPARENT -> {
        String valid = TraceContextText.traceparent(values.get(0));
        yield valid == null ? List.of() : List.of(valid);
      }
      case HeaderRules.TRACESTATE -> {
        String valid = TraceContextText.tracestate(values.get(0));
        yield valid.isEmpty() ? List.of() : List.of(valid);
      }
      default -> values;
    };
  }

  /** A policy without {@code traceparent} does not want callers' traces, however they are read. */
  private boolean isDenied(String lowerName) {
    return TraceHeaders.common(lowerName) != TraceHeaders.Format.NONE && !policy.takes(lowerName);
  }
}
