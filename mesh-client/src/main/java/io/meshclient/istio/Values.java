package io.meshclient.istio;

import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** How values are shown in messages: as they were written, on one line, and not too long. */
final class Values {
  private static final int MAX = 60;

  private Values() {}

  static String show(Node node) {
    if (node instanceof ScalarNode scalar) {
      String text = printable(scalar.getValue());
      return scalar.isPlain() ? text : '"' + text + '"';
    }
    if (node instanceof SequenceNode) {
      return "a list";
    }
    return node instanceof MappingNode ? "an object" : "a value";
  }

  /** Without control characters, and cut off when it is long. */
  static String printable(String text) {
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      if (shown.length() >= MAX) {
        return shown.append("...").toString();
      }
      char c = text.charAt(i);
      if (c == '\n') {
        shown.append("\\n");
      } else if (Character.isISOControl(c) || Character.isSurrogate(c) || c == '\uFEFF') {
        shown.append(String.format("\\u%04x", (int) c));
      } else {
        shown.append(c);
      }
    }
    return shown.toString();
  }
}
