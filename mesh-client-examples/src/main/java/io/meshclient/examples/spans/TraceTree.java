package io.meshclient.examples.spans;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** One trace as a tree, with what each span took and when it began. */
public final class TraceTree {
  private static final int WIDEST = 95;

  /** A span, and what stands in front of its figures. */
  private record Line(ReceivedSpan span, String label) {}

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

  public static TraceTree of(List<ReceivedSpan> spans) {
    return new TraceTree(spans);
  }

  /** Spans whose parents are not there; one, if the trace is whole. */
  public List<ReceivedSpan> roots() {
    return roots;
  }

  public List<ReceivedSpan> children(ReceivedSpan span) {
    return children.getOrDefault(span.spanId(), List.of());
  }

  /** A line for each span: whose it is, what it did, when it began and how long it took. */
  public List<String> lines() {
    List<Line> lines = new ArrayList<>();
    roots.forEach(root -> add(root, "", "", lines));
    int width = lines.stream().mapToInt(line -> line.label().length()).max().orElse(0);
    String format = "%-" + Math.max(1, Math.min(width, WIDEST)) + "s %8.1f ms %+8.1f ms%s";
    return lines.stream().map(line -> line(line, format)).toList();
  }

  private String line(Line line, String format) {
    ReceivedSpan span = line.span();
    String label = line.label();
    return String.format(
        Locale.ROOT,
        format,
        label.length() > WIDEST ? label.substring(0, WIDEST) : label,
        (span.endNanos() - span.startNanos()) / 1e6,
        (span.startNanos() - start) / 1e6,
        span.error() ? "  !" : "");
  }

  private void add(ReceivedSpan span, String branch, String below, List<Line> lines) {
    lines.add(new Line(span, branch + label(span)));
    List<ReceivedSpan> next = children(span);
    for (int i = 0; i < next.size(); i++) {
      boolean last = i == next.size() - 1;
      add(next.get(i), below + (last ? "`- " : "|- "), below + (last ? "   " : "|  "), lines);
    }
  }

  private static String label(ReceivedSpan span) {
    String status = span.attribute("http.response.status_code");
    String what =
        switch (span.role()) {
          case ENTERS -> "sidecar in " + span.attribute("http.status_code");
          case SERVES -> "serves " + span.attribute("url.path");
          case CALLS -> calls(span);
          case TRIES -> tries(span);
          case LEAVES -> "sidecar out " + span.attribute("http.status_code");
          case OTHER -> span.name();
        };
    return span.service() + " " + what + (status.isEmpty() ? "" : " " + status);
  }

  private static String calls(ReceivedSpan span) {
    String subset = span.attribute("mesh.subset");
    String host = span.attribute("server.address");
    return "calls " + host + (subset.isEmpty() ? "" : " " + subset);
  }

  private static String tries(ReceivedSpan span) {
    String again = span.attribute("http.request.resend_count");
    String address = span.attribute("network.peer.address");
    return (again.isEmpty() ? "tries" : "tries again")
        + (address.isEmpty() ? "" : " " + address + ":" + span.attribute("network.peer.port"));
  }
}
