package io.meshclient.istio;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Parts without a shape of their own: maps, lists, strings, numbers, booleans and nulls. */
final class FreeForm {
  private final Budget budget;

  FreeForm(Budget budget) {
    this.budget = budget;
  }

  @Nullable Object read(Node node) {
    budget.spend();
    if (node instanceof MappingNode map) {
      Map<String, @Nullable Object> read = new LinkedHashMap<>();
      for (NodeTuple tuple : map.getValue()) {
        read.put(((ScalarNode) tuple.getKeyNode()).getValue(), read(tuple.getValueNode()));
      }
      return Collections.unmodifiableMap(read);
    }
    if (node instanceof SequenceNode list) {
      List<@Nullable Object> read = new ArrayList<>();
      for (Node element : list.getValue()) {
        read.add(read(element));
      }
      return Collections.unmodifiableList(read);
    }
    return scalar((ScalarNode) node);
  }

  private static @Nullable Object scalar(ScalarNode node) {
    return switch (Scalars.kind(node)) {
      case NULL -> null;
      case BOOLEAN -> Scalars.bool(node);
      case INTEGER -> {
        BigInteger whole = Scalars.whole(node);
        yield whole != null && whole.bitLength() < Long.SIZE
            ? (Object) whole.longValue()
            : node.getValue();
      }
      case FLOAT -> Scalars.number(node);
      case STRING -> node.getValue();
    };
  }
}
