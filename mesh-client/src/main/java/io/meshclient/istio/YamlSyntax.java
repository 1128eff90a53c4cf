package io.meshclient.istio;

import java.util.List;
import java.util.Map;

/** What a parser's complaint means to the one who wrote the file. */
final class YamlSyntax {
  private static final List<Map.Entry<String, String>> MEANINGS =
      List.of(
          Map.entry(
              "mapping values are not allowed",
              "a \":\" where no key can be (expected: a value with \": \" in it in quotes, or other"
                  + " indentation)"),
          Map.entry(
              "could not find expected ':'",
              "a line that is no \"key: value\" (expected: a \":\")"),
          Map.entry(
              "expected <block end>",
              "an indentation that fits no line above (expected: the same)"),
          Map.entry(
              "expected ',' or",
              "a list or an object in brackets that is not continued (expected: a comma or the closing bracket)"),
          Map.entry("unexpected end of stream", "a quote that is not closed (expected: its end)"),
          Map.entry(
              "expected <document start>",
              "more after the end of the document (expected: \"---\" before it)"),
          Map.entry(
              "found undefined alias",
              "an alias without its anchor (expected: &name before *name)"),
          Map.entry(
              "found unknown escape",
              "an unknown escape in double quotes (expected: \\\\ for a backslash, or single quotes)"),
          Map.entry(
              "sequence entries are not allowed",
              "a \"-\" where no list can be (expected: a line of its own)"),
          Map.entry(
              "cannot start any token",
              "a character that no value begins with (expected: the value in quotes)"),
          Map.entry(
              "expected a single document", "a second document (expected: \"---\" before it)"));

  private YamlSyntax() {}

  static String explain(String problem) {
    for (Map.Entry<String, String> meaning : MEANINGS) {
      if (problem.contains(meaning.getKey())) {
        return meaning.getValue();
      }
    }
    return "not valid YAML: " + Values.printable(problem);
  }

  /** Whether the mistake is where the quote or the key begins, not where the parser gave up. */
  static boolean isAtItsBeginning(String problem) {
    return problem.contains("unexpected end of stream") || problem.contains("expected ':'");
  }

  /** The last line with a tab before its text, up to one behind {@code line}; negative: none. */
  static int tabIndent(String text, int line) {
    int found = -1;
    int number = 0;
    for (int at = 0; at < text.length() && number <= line + 1; number++) {
      int end = text.indexOf('\n', at);
      int next = end < 0 ? text.length() : end + 1;
      if (isTabIndented(text, at, next)) {
        found = number;
      }
      at = next;
    }
    return found;
  }

  static int lineOf(String text, int position) {
    int line = 0;
    for (int i = 0; i < Math.min(position, text.length()); i++) {
      line += text.charAt(i) == '\n' ? 1 : 0;
    }
    return line;
  }

  private static boolean isTabIndented(String text, int from, int to) {
    boolean tab = false;
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (c != ' ' && c != '\t') {
        return tab && c != '\r' && c != '\n' && c != '#';
      }
      tab |= c == '\t';
    }
    return false;
  }
}
