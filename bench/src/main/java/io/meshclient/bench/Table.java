package io.meshclient.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Results as text, times beside their ratio to the first line of the section. */
final class Table {
  private static final String LINE = "%-46s";
  private static final String CELLS = " %11s %8s %6s";

  private final List<Row> rows;
  private final Results results;

  Table(List<Row> rows, Results results) {
    this.rows = rows;
    this.results = results;
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (Section section : Section.values()) {
      List<Row> ofSection = rows.stream().filter(row -> row.section() == section).toList();
      if (!ofSection.isEmpty()) {
        lines.add("");
        lines.add(head(section));
        ofSection.forEach(row -> lines.add(line(row, ofSection.get(0))));
      }
    }
    return lines;
  }

  private static String head(Section section) {
    StringBuilder line = new StringBuilder(String.format(LINE, section.title()));
    for (int threads : Rounds.THREADS) {
      String name = threads == 1 ? "1 thread ns" : threads + " thr. ns";
      line.append(String.format(CELLS, name, "ratio", "B"));
    }
    return line.toString();
  }

  private String line(Row row, Row first) {
    StringBuilder line = new StringBuilder(String.format(LINE, "  " + row.name()));
    for (int threads : Rounds.THREADS) {
      double nanos = results.nanos(row.benchmark(), threads);
      line.append(
          String.format(
              CELLS,
              decimal(nanos),
              ratio(nanos / results.nanos(first.benchmark(), threads)),
              bytes(results.bytes(row.benchmark(), threads))));
    }
    return line.toString();
  }

  /** One line that says it all: ours beside Resilience4j's default, with the same settings. */
  String summary() {
    StringBuilder line = new StringBuilder("breaker overCalls(100,100,50) / Resilience4j default:");
    for (int threads : Rounds.THREADS) {
      double nanos = results.nanos(Tables.LIKE_STANDARD, threads);
      line.append(" threads=").append(threads);
      line.append(" ns=").append(decimal(nanos));
      line.append(" B=").append(bytes(results.bytes(Tables.LIKE_STANDARD, threads)));
      line.append(" ratio=").append(ratio(nanos / results.nanos(Tables.STANDARD, threads)));
    }
    return line.toString();
  }

  private static String decimal(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  private static String ratio(double value) {
    return String.format(Locale.ROOT, value < 0.1 ? "%.3fx" : "%.2fx", value);
  }

  /** What is under half a byte is the profiler's own. */
  private static String bytes(double value) {
    return String.format(Locale.ROOT, "%.0f", value);
  }
}
