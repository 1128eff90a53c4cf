package io.meshclient.telemetry;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What an override makes of a label.
 *
 * @param of its value; {@code null} for a label that is taken away
 */
record LabelValue(@Nullable Function<RequestFacts, @Nullable String> of) {
  static final LabelValue REMOVED = new LabelValue(null);
}
