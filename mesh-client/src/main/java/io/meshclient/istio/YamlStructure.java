package io.meshclient.istio;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * What every document has to be, whatever it says: keys are scalars and there once, there are no
 * cycles and no foreign tags. Merge keys ({@code <<}) are resolved on the way.
 */
final class YamlStructure {
  private static final Set<Tag> TAGS =
      Set.of(
          Tag.STR,
          Tag.INT,
          Tag.FLOAT,
          Tag.BOOL,
          Tag.NULL,
          Tag.MAP,
          Tag.SEQ,
          Tag.TIMESTAMP,
          Tag.MERGE,
          new Tag(Tag.PREFIX + "value"));

  private final String file;
  private final IntUnaryOperator lines;
  private final List<Problem> problems;
  private final Set<Node> done = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<Node> open = Collections.newSetFromMap(new IdentityHashMap<>());
  private int errors;

  YamlStructure(String file, IntUnaryOperator lines, List<Problem> problems) {
    this.file = file;
    this.lines = lines;
    this.problems = problems;
  }

  /** Whether nothing was wrong; what was is reported. */
  boolean check(Node root) {
    check(root, NodePath.ROOT);
    return errors == 0;
  }

  private void check(Node node, NodePath path) {
    if (open.contains(node)) {
      error(Code.UNSUPPORTED_YAML, node, path, "an alias of itself (expected: no cycle)");
      return;
    }
    if (!done.add(node)) {
      return;
    }
    if (!TAGS.contains(node.getTag())) {
      String tag = Values.printable(node.getTag().getValue());
      error(Code.UNSUPPORTED_YAML, node, path, "the tag " + tag + " (expected: none)");
    }
    open.add(node);
    if (node instanceof SequenceNode list) {
      int index = 0;
      for (Node element : list.getValue()) {
        check(element, path.to(index++));
      }
    } else if (node instanceof MappingNode map) {
      map(map, path);
    }
    open.remove(node);
  }

  private void map(MappingNode map, NodePath path) {
    Set<String> keys = new HashSet<>();
    boolean merges = false;
    for (NodeTuple tuple : map.getValue()) {
      Node key = tuple.getKeyNode();
      if (!(key instanceof ScalarNode scalar) || Scalars.isNull(key)) {
        error(
            Code.UNSUPPORTED_YAML, key, path, Values.show(key) + " as a key (expected: a string)");
        continue;
      }
      NodePath at = path.to(scalar.getValue());
      merges |= Tag.MERGE.equals(key.getTag());
      if (!keys.add(scalar.getValue())) {
        error(Code.DUPLICATE_KEY, key, at, "the same key again (expected: once)");
      }
      check(tuple.getValueNode(), at);
    }
    if (merges && errors == 0) {
      merge(map, path);
    }
  }

  /** Puts the fields of merged objects behind those that the object has itself. */
  private void merge(MappingNode map, NodePath path) {
    Map<String, NodeTuple> merged = new LinkedHashMap<>();
    List<Node> sources = new ArrayList<>();
    for (NodeTuple tuple : map.getValue()) {
      if (!Tag.MERGE.equals(tuple.getKeyNode().getTag())) {
        merged.put(((ScalarNode) tuple.getKeyNode()).getValue(), tuple);
      } else if (tuple.getValueNode() instanceof SequenceNode list) {
        sources.addAll(list.getValue());
      } else {
        sources.add(tuple.getValueNode());
      }
    }
    for (Node source : sources) {
      if (source instanceof MappingNode fields) {
        for (NodeTuple tuple : fields.getValue()) {
          merged.putIfAbsent(((ScalarNode) tuple.getKeyNode()).getValue(), tuple);
        }
      } else {
        error(
            Code.UNSUPPORTED_YAML,
            source,
            path.to("<<"),
            Values.show(source) + " (expected: an object)");
      }
    }
    map.setValue(List.copyOf(merged.values()));
  }

  private void error(Code code, Node node, NodePath path, String text) {
    errors++;
    String at = path.relative();
    String message = at.isEmpty() ? text : at + ": " + text;
    int line = lines.applyAsInt(node.getStartMark().getLine()) + 1;
    Location location = new Location(file, line, path.toString());
    problems.add(new Problem(code.id(), Problem.Severity.ERROR, location, message));
  }
}
