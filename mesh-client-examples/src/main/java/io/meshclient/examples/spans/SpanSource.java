package io.meshclient.examples.spans;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Where spans arrive that services, and sidecars if there are any, send. */
public interface SpanSource {
  /**
   * Waits for spans.
   *
   * @return those of the trace, once {@code enough} is content with them or the time is up
   */
  List<ReceivedSpan> await(
      String traceId, Predicate<List<ReceivedSpan>> enough, long time, TimeUnit unit)
      throws IOException, InterruptedException;
}
