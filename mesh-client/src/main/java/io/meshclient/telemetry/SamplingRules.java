package io.meshclient.telemetry;

import io.meshclient.context.MeshContext;
import io.opentelemetry.context.Context;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is sampled beside the random share.
 *
 * @param errors whether what failed is reported afterwards
 * @param slow what is reported afterwards if it took this long; {@code null} for nothing
 * @param cap how many traces the rules may add
 */
record SamplingRules(List<Header> headers, boolean errors, @Nullable Duration slow, RateCap cap) {

  /** A header that travels, and the value that asks for a trace. */
  record Header(String name, String value) {}

  /** Whether something is known only at the end, so that all has to be recorded till then. */
  boolean isLate() {
    return errors || slow != null;
  }

  boolean asksByHeader(Context context) {
    if (headers.isEmpty()) {
      return false;
    }
    MeshContext mesh = MeshContext.from(context);
    for (Header header : headers) {
      if (header.value().equals(mesh.header(header.name()))) {
        return true;
      }
    }
    return false;
  }
}
