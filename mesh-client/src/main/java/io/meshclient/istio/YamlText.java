package io.meshclient.istio;

import java.io.StringReader;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.reader.ReaderException;

/** The text of one document: parsed within limits, its syntax errors in words of ours. */
final class YamlText {
  static final int MAX_DEPTH = 50;
  static final int MAX_ALIASES = 100;
  static final int MAX_BYTES = 10 * 1024 * 1024;

  private final String text;
  private final String file;
  private final IntUnaryOperator lines;
  private final List<Problem> problems;

  YamlText(String text, String file, IntUnaryOperator lines, List<Problem> problems) {
    this.text = text;
    this.file = file;
    this.lines = lines;
    this.problems = problems;
  }

  /** {@code null} where there is nothing, or nothing that can be read, which is then reported. */
  @Nullable Node parse() {
    try {
      Node root = new Yaml(limits()).compose(new StringReader(text));
      return root != null && new YamlStructure(file, lines, problems).check(root) ? root : null;
    } catch (MarkedYAMLException e) {
      syntax(e);
    } catch (ReaderException e) {
      String shown = String.format("U+%04X", e.getCodePoint());
      int line = YamlSyntax.lineOf(text, e.getPosition());
      report(Code.SYNTAX, line, "the character " + shown + " (expected: printable text)");
    } catch (YAMLException e) {
      report(Code.TOO_LARGE, 0, limit(String.valueOf(e.getMessage())));
    } catch (RuntimeException e) {
      report(Code.SYNTAX, 0, "not valid YAML (" + e + ")");
    }
    return null;
  }

  private static LoaderOptions limits() {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(MAX_BYTES + 1);
    options.setNestingDepthLimit(MAX_DEPTH);
    options.setMaxAliasesForCollections(MAX_ALIASES);
    options.setAllowRecursiveKeys(false);
    options.setTagInspector(tag -> true); // nothing is constructed; the tag is reported
    return options;
  }

  private void syntax(MarkedYAMLException e) {
    String problem = String.valueOf(e.getProblem());
    Mark mark = YamlSyntax.isAtItsBeginning(problem) ? e.getContextMark() : e.getProblemMark();
    int line = mark == null ? 0 : mark.getLine();
    int tab = YamlSyntax.tabIndent(text, line);
    if (tab >= 0) {
      report(Code.SYNTAX, tab, "a tab in the indentation (expected: spaces)");
      return;
    }
    String column = mark == null ? "" : "column " + (mark.getColumn() + 1) + ": ";
    report(Code.SYNTAX, line, column + YamlSyntax.explain(problem));
  }

  private static String limit(String message) {
    return message.contains("alias")
        ? "more than " + MAX_ALIASES + " aliases of lists and objects (expected: fewer)"
        : "nested deeper than " + MAX_DEPTH + " levels (expected: fewer)";
  }

  private void report(Code code, int line, String message) {
    Location location = new Location(file, lines.applyAsInt(line) + 1, "");
    problems.add(new Problem(code.id(), Problem.Severity.ERROR, location, message));
  }
}
