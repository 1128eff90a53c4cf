package io.meshclient.telemetry;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How one side's requests are traced.
 *
 * @param percent of the traces that begin here; {@code null} if no resource says
 * @param silent whether spans are not reported
 */
record TracingPolicy(@Nullable Double percent, boolean silent, List<Tag> tags) {
  static final TracingPolicy NONE = new TracingPolicy(null, false, List.of());

  /** An attribute of every span; it is left out where there is no value. */
  record Tag(String name, Function<RequestFacts, @Nullable String> value) {}

  TracingPolicy {
    tags = List.copyOf(tags);
  }

  @Nullable Double percentOr(@Nullable Double otherwise) {
    return percent == null ? otherwise : percent;
  }
}
