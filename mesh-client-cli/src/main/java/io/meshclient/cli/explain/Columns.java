package io.meshclient.cli.explain;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Rows whose cells stand below one another; the last cell of a row is as long as it is. */
final class Columns {

  private record Row(List<String> cells, UnaryOperator<String> style) {}

  private final List<Row> rows = new ArrayList<>();

  void add(UnaryOperator<String> style, String... cells) {
    rows.add(new Row(List.of(cells), style));
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (Row row : rows) {
      StringBuilder line = new StringBuilder();
      int last = row.cells.size() - 1;
      for (int i = 0; i < last; i++) {
        String cell = row.cells.get(i);
        line.append(cell).append(" ".repeat(width(i) - cell.length() + 2));
      }
      line.append(row.cells.get(last));
      lines.add(row.style.apply(line.toString().stripTrailing()));
    }
    return lines;
  }

  private int width(int column) {
    return rows.stream()
        .filter(row -> row.cells.size() > column + 1)
        .mapToInt(row -> row.cells.get(column).length())
        .max()
        .orElse(0);
  }
}
