package io.meshclient.telemetry;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Where lines go, of which requests, and what they look like.
 *
 * @param path a file, or {@code /dev/stdout} or {@code /dev/stderr}
 * @param filter {@code null} for all requests
 */
record AccessLogSink(
    String path, AccessLogFormat format, @Nullable Predicate<RequestFacts> filter) {

  boolean takes(RequestFacts facts) {
    return filter == null || filter.test(facts);
  }
}
