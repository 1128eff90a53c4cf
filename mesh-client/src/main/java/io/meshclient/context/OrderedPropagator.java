package io.meshclient.context;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.context.propagation.TextMapSetter;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads several formats, of which the first that names a span holds, and writes several. With
 * OpenTelemetry's own composite the last one would hold.
 */
final class OrderedPropagator implements TextMapPropagator {
  private final List<TextMapPropagator> traces;
  private final List<TextMapPropagator> others;
  private final List<TextMapPropagator> writers;
  private final Set<String> fields = new LinkedHashSet<>();

  /**
   * @param traces in the order in which they are read
   * @param others what else is read
   */
  OrderedPropagator(
      List<TextMapPropagator> traces,
      List<TextMapPropagator> others,
      List<TextMapPropagator> writers) {
    this.traces = List.copyOf(traces);
    this.others = List.copyOf(others);
    this.writers = List.copyOf(writers);
    writers.forEach(writer -> fields.addAll(writer.fields()));
  }

  /** What it writes. */
  @Override
  public Collection<String> fields() {
    return fields;
  }

  @Override
  public <C> void inject(Context context, @Nullable C carrier, TextMapSetter<C> setter) {
    for (TextMapPropagator writer : writers) {
      writer.inject(context, carrier, setter);
    }
  }

  @Override
  public <C> Context extract(Context context, @Nullable C carrier, TextMapGetter<C> getter) {
    Context read = context;
    for (TextMapPropagator reader : traces) {
      Context found = reader.extract(context, carrier, getter);
      if (found != context && Span.fromContext(found).getSpanContext().isValid()) {
        read = found;
        break;
      }
    }
    for (TextMapPropagator other : others) {
      read = other.extract(read, carrier, getter);
    }
    return read;
  }
}
