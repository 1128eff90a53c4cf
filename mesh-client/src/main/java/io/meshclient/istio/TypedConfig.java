package io.meshclient.istio;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;

/**
 * A part of Envoy's configuration that says of what type it is: by {@code @type} among its fields,
 * or as a TypedStruct around them.
 *
 * @param type without what stands before the slash
 */
record TypedConfig(String type, MappingNode config, NodePath path) {
  private static final String TYPE = "@type";
  private static final String TYPED_STRUCT = ".TypedStruct";
  private static final String LOCAL_RATE_LIMIT =
      "envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit";

  /** {@code null} where it does not say so. */
  static @Nullable TypedConfig of(@Nullable Node node, NodePath path) {
    if (!(node instanceof MappingNode map)) {
      return null;
    }
    String type = type(map, TYPE);
    if (!type.endsWith(TYPED_STRUCT)) {
      return new TypedConfig(type, without(map, TYPE), path);
    }
    String inner = type(map, "type_url");
    return DocumentReader.get(map, "value") instanceof MappingNode config
        ? new TypedConfig(inner.isEmpty() ? type(map, "typeUrl") : inner, config, path.to("value"))
        : null;
  }

  boolean isLocalRateLimit() {
    return type.equals(LOCAL_RATE_LIMIT);
  }

  private static String type(MappingNode map, String key) {
    return DocumentReader.get(map, key) instanceof ScalarNode url
        ? url.getValue().substring(url.getValue().indexOf('/') + 1)
        : "";
  }

  private static MappingNode without(MappingNode map, String key) {
    List<NodeTuple> rest = new ArrayList<>(map.getValue());
    rest.removeIf(tuple -> ((ScalarNode) tuple.getKeyNode()).getValue().equals(key));
    return new MappingNode(
        map.getTag(), true, rest, map.getStartMark(), map.getEndMark(), map.getFlowStyle());
  }
}
