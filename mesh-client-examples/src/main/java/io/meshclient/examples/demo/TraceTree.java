package io.meshclient.examples.demo;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** One trace as a tree, with what each span took and when it began. */
final class TraceTree {
  private static final int LABEL = 62;

  private final List<ReceivedSpan> roots = new ArrayList<>();
  private final Map<String, List<ReceivedSpan>> children = new HashMap<>();
  private final long start;

  private TraceTree(List<ReceivedSpan> spans) {
    Map<String, ReceivedSpan> byId = new HashMap<>();
    spans.forEach(span -> byId.put(span.spanId(), span));
    spans.stream()
        .sorted(Comparator.comparingLong(ReceivedSpan::startNanos))
        .forEach(
            span -> {
              if (byId.containsKey(span.parentId())) {
                children.computeIfAbsent(span.parentId(), id -> new ArrayList<>()).add(span);
              } else {
                roots.add(span);
              }
            });
    start = spans.stream().mapToLong(ReceivedSpan::startNanos).min().orElse(0);
  }

  static TraceTree of(List<ReceivedSpan> spans) {
    return new TraceTree(spans);
  }

  /** Spans whose parents are not there; one, if the trace is whole. */
  List<ReceivedSpan> roots() {
    return roots;
  }

  List<ReceivedSpan> children(ReceivedSpan span) {
    return children.getOrDefault(span.spanId(), List.of());
  }

  /** A line for each span: whose it is, what it did, when it began and how long it took. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    roots.forEach(root -> add(root, "", "", lines));
    return lines;
  }

  private void add(ReceivedSpan span, String branch, String below, List<String> lines) {
    String label = branch + label(span);
    lines.add(
        String.format(
            Locale.ROOT,
            "%-" + LABEL + "s %8.1f ms %+8.1f ms%s",
            label.length() > LABEL ? label.substring(0, LABEL) : label,
            (span.endNanos() - span.startNanos()) / 1e6,
            (span.startNanos() - start) / 1e6,
            span.error() ? "  !" : ""));
    List<ReceivedSpan> next = children(span);
    for (int i = 0; i < next.size(); i++) {
      boolean last = i == next.size() - 1;
      add(next.get(i), below + (last ? "`- " : "|- "), below + (last ? "   " : "|  "), lines);
    }
  }

  private static String label(ReceivedSpan span) {
    String status = span.attribute("http.response.status_code");
    String what =
        switch (span.kind()) {
          case ReceivedSpan.SERVER -> "serves " + span.attribute("url.path");
          case ReceivedSpan.CLIENT -> calls(span);
          default -> span.name();
        };
    return span.service() + " " + what + (status.isEmpty() ? "" : " " + status);
  }

  private static String calls(ReceivedSpan span) {
    String subset = span.attribute("mesh.subset");
    if (!span.attribute("mesh.service").isEmpty()) {
      String host = span.attribute("server.address");
      return "calls " + host + (subset.isEmpty() ? "" : " " + subset);
    }
    String again = span.attribute("http.request.resend_count");
    return (again.isEmpty() ? "tries " : "tries again ")
        + span.attribute("network.peer.address")
        + ":"
        + span.attribute("network.peer.port");
  }
}
