package io.meshclient.istio;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The rows of docs/problems.md. */
public final class ProblemsPage {
  private static final Path PAGE = Path.of("..", "docs", "problems.md");

  /**
   * One row.
   *
   * @param example a message, in which {@code ...} stands for anything
   */
  public record Row(String code, String title, boolean warning, String example) {

    /** Whether a message is the row's example, whatever stands at its beginning. */
    public boolean isExampledBy(String message) {
      int from = 0;
      for (String part : example.split("\\.\\.\\.", -1)) {
        int at = message.indexOf(part, from);
        if (at < 0) {
          return false;
        }
        from = at + part.length();
      }
      return true;
    }
  }

  private ProblemsPage() {}

  /** By code, in the order of the page. */
  public static Map<String, Row> rows() {
    Map<String, Row> rows = new LinkedHashMap<>();
    try (Stream<String> lines = Files.lines(PAGE)) {
      for (String line : lines.filter(l -> l.startsWith("| MESH")).toList()) {
        List<String> cells = List.of(line.split(" \\| ", -1));
        String code = cells.get(0).substring(2);
        String example = cells.get(3).substring(1, cells.get(3).length() - 1);
        boolean warning = cells.get(2).startsWith("A warning: ");
        if (rows.put(code, new Row(code, cells.get(1), warning, example)) != null) {
          throw new IllegalStateException(code + ": twice (expected: one row)");
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return rows;
  }
}
