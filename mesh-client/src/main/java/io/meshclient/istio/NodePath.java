package io.meshclient.istio;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A place in a document, as a chain of its steps; its text is made when a problem needs it. */
final class NodePath {
  static final NodePath ROOT = new NodePath(null, "", -1);

  private final @Nullable NodePath parent;
  private final String name;
  private final int index;

  private NodePath(@Nullable NodePath parent, String name, int index) {
    this.parent = parent;
    this.name = name;
    this.index = index;
  }

  /** A field, or a key of a map. */
  NodePath to(String field) {
    return new NodePath(this, field, -1);
  }

  NodePath to(int element) {
    return new NodePath(this, "", element);
  }

  /** The way from the root: names as strings, positions as integers. */
  List<Object> steps() {
    List<Object> steps = new ArrayList<>();
    for (NodePath at = this; at.parent != null; at = at.parent) {
      steps.add(at.index < 0 ? at.name : (Object) at.index);
    }
    Collections.reverse(steps);
    return steps;
  }

  /** As the design writes it: without {@code spec}, which all share. */
  String relative() {
    String text = toString();
    return text.startsWith("spec.") ? text.substring("spec.".length()) : text;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (Object step : steps()) {
      if (step instanceof Integer) {
        text.append('[').append(step).append(']');
      } else if (isPlain((String) step)) {
        text.append(text.length() == 0 ? "" : ".").append(step);
      } else {
        text.append("[\"").append(Values.printable((String) step)).append("\"]");
      }
    }
    return text.toString();
  }

  private static boolean isPlain(String step) {
    return !step.isEmpty()
        && step.chars().allMatch(c -> Character.isLetterOrDigit(c) || c == '-' || c == '_');
  }
}
