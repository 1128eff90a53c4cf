package io.meshclient.istio;

import java.util.List;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** The problems of one document, and where in its file each of its parts is. */
final class Faults {
  private final String file;
  private final IntUnaryOperator lines;
  private final String prefix;
  private final Node root;
  private final List<Problem> problems;
  private int errors;

  /**
   * @param lines from a line of the parsed text to a line of the file, both counted from 0
   * @param prefix of the paths of locations; messages do not repeat it
   * @param problems where they are put
   */
  Faults(String file, IntUnaryOperator lines, String prefix, Node root, List<Problem> problems) {
    this.file = file;
    this.lines = lines;
    this.prefix = prefix;
    this.root = root;
    this.problems = problems;
  }

  Node root() {
    return root;
  }

  /** Whether an error was found, so that the document is left out. */
  boolean broken() {
    return errors > 0;
  }

  int errors() {
    return errors;
  }

  Location locate(Node node, NodePath path) {
    int line = node.getStartMark() == null ? 0 : node.getStartMark().getLine();
    String within = path.toString();
    String dot = prefix.isEmpty() || within.isEmpty() ? "" : ".";
    return new Location(file, lines.applyAsInt(line) + 1, prefix + dot + within);
  }

  void error(Code code, Node node, NodePath path, String text) {
    add(Problem.Severity.ERROR, code, node, path, text);
  }

  void warning(Code code, Node node, NodePath path, String text) {
    add(Problem.Severity.WARNING, code, node, path, text);
  }

  /** At what the path leads to, or at the nearest around it. */
  void error(Code code, NodePath path, String text) {
    error(code, find(path), path, text);
  }

  void warning(Code code, NodePath path, String text) {
    warning(code, find(path), path, text);
  }

  private void add(Problem.Severity severity, Code code, Node node, NodePath path, String text) {
    errors += severity == Problem.Severity.ERROR ? 1 : 0;
    String at = path.relative();
    String message = at.isEmpty() ? text : at + ": " + text;
    problems.add(new Problem(code.id(), severity, locate(node, path), message));
  }

  /** What the path leads to, or the nearest around it; of a scalar its key. */
  Node find(NodePath path) {
    Node at = root;
    for (Object step : path.steps()) {
      Node next = step(at, step);
      if (next == null) {
        return at;
      }
      at = next;
    }
    return at;
  }

  private static @Nullable Node step(Node from, Object step) {
    if (from instanceof SequenceNode list && step instanceof Integer index) {
      return index < list.getValue().size() ? list.getValue().get(index) : null;
    }
    if (from instanceof MappingNode map) {
      for (NodeTuple tuple : map.getValue()) {
        if (tuple.getKeyNode() instanceof ScalarNode key && key.getValue().equals(step)) {
          return tuple.getValueNode() instanceof ScalarNode ? key : tuple.getValueNode();
        }
      }
    }
    return null;
  }
}
