package io.meshclient.examples.demo;

import io.meshclient.examples.demo.Check.Result;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** The trace of one canary's checkout, as the services report it, put together as a tree. */
final class TraceCheck {
  /**
   * One of web, and for each of the three calls that it causes the call's, its try's, the callee's.
   */
  private static final int SPANS = 10;

  private static final long PATIENCE_SECONDS = 15;

  private final Front front;
  private final OtlpReceiver receiver;

  TraceCheck(Front front, OtlpReceiver receiver) {
    this.front = front;
    this.receiver = receiver;
  }

  Check check() {
    return new Check(
        "1 canary checkout, sampled", "one trace across 3 services", progress -> trace());
  }

  private Result trace() throws IOException, InterruptedException {
    String trace = UUID.randomUUID().toString().replace("-", "");
    String caller = "00-" + trace + "-" + trace.substring(0, 15) + "1-01";
    front.get("/checkout", Map.of("x-canary", "true", "traceparent", caller));
    List<ReceivedSpan> spans =
        receiver.await(trace, found -> found.size() >= SPANS, PATIENCE_SECONDS, TimeUnit.SECONDS);
    TraceTree tree = TraceTree.of(spans);
    List<String> wrong = faults(tree, spans);
    long services = spans.stream().map(ReceivedSpan::service).distinct().count();
    return new Result(
        wrong.isEmpty() && services == 3,
        wrong.isEmpty()
            ? spans.size() + " spans of " + services + " services, one root"
            : String.join("; ", wrong),
        tree.lines());
  }

  /** Every server's span but the first hangs below the try that reached it, of another service. */
  private static List<String> faults(TraceTree tree, List<ReceivedSpan> spans) {
    List<String> faults = new ArrayList<>();
    if (spans.size() < SPANS) {
      faults.add(spans.size() + " spans");
    }
    if (tree.roots().size() != 1) {
      faults.add(tree.roots().size() + " roots");
    }
    for (ReceivedSpan parent : spans) {
      for (ReceivedSpan child : tree.children(parent)) {
        boolean crosses = !child.service().equals(parent.service());
        boolean isHop = child.kind() == ReceivedSpan.SERVER && parent.kind() == ReceivedSpan.CLIENT;
        if (crosses != isHop) {
          faults.add(child.service() + " below " + parent.service());
        }
      }
    }
    return faults;
  }
}
