package io.meshclient.examples.demo;

import io.meshclient.examples.demo.Check.Result;
import io.meshclient.examples.spans.ReceivedSpan;
import io.meshclient.examples.spans.ReceivedSpan.Role;
import io.meshclient.examples.spans.TraceTree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * The trace of one canary's checkout, as the services report it, and their sidecars where they have
 * some, put together as a tree.
 */
final class TraceCheck {
  /** One calls another, three times. */
  private static final int CALLS = 3;

  private static final long PATIENCE_SECONDS = 30;

  private final Front front;
  private final World world;

  /** What a span of each role hangs below, but for the first. */
  private final Map<Role, Role> parents = new EnumMap<>(Role.class);

  private final int expected;

  TraceCheck(Front front, World world) {
    this.front = front;
    this.world = world;
    parents.put(Role.CALLS, Role.SERVES);
    parents.put(Role.TRIES, Role.CALLS);
    if (world.hasSidecars()) {
      parents.put(Role.LEAVES, Role.TRIES);
      parents.put(Role.ENTERS, Role.LEAVES);
      parents.put(Role.SERVES, Role.ENTERS);
    } else {
      parents.put(Role.SERVES, Role.TRIES);
    }
    // Users have no call and no try of their own to report.
    int users = parents.size() - 2;
    expected = users + CALLS * parents.size();
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
        world
            .spans()
            .await(trace, found -> found.size() >= expected, PATIENCE_SECONDS, TimeUnit.SECONDS);
    TraceTree tree = TraceTree.of(spans);
    List<String> wrong = faults(tree, spans);
    long services =
        spans.stream()
            .filter(span -> span.role() == Role.SERVES)
            .map(ReceivedSpan::service)
            .distinct()
            .count();
    return new Result(
        wrong.isEmpty() && services == 3,
        wrong.isEmpty()
            ? spans.size() + " spans of " + services + " services, one root"
            : String.join("; ", wrong),
        tree.lines());
  }

  private List<String> faults(TraceTree tree, List<ReceivedSpan> spans) {
    List<String> faults = new ArrayList<>();
    if (spans.size() != expected) {
      faults.add(spans.size() + " spans");
    }
    if (tree.roots().size() != 1) {
      faults.add(tree.roots().size() + " roots");
    }
    for (ReceivedSpan parent : spans) {
      for (ReceivedSpan child : tree.children(parent)) {
        if (parents.get(child.role()) != parent.role()) {
          faults.add(child.role() + " below " + parent.role());
        }
      }
    }
    return faults;
  }
}
