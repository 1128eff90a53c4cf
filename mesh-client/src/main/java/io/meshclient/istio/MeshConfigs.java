package io.meshclient.istio;

import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;

/** Reads the mesh configuration that is a text within a ConfigMap, or a file of its own. */
final class MeshConfigs {
  /** What a ConfigMap of any kind has; its data is read on its own. */
  @Lenient
  private record Envelope(ObjectMeta metadata, @Nullable Object data, Location location) {}

  private MeshConfigs() {}

  /** {@code null} for a ConfigMap without a {@code mesh} key, and for one with faults. */
  static @Nullable MeshConfigMap read(
      Faults faults, String file, IntUnaryOperator lines, List<Problem> problems) {
    Node data = DocumentReader.get((MappingNode) faults.root(), "data");
    Node mesh = data instanceof MappingNode map ? DocumentReader.get(map, "mesh") : null;
    if (mesh == null) {
      return null;
    }
    Envelope envelope = new Binder(faults, false).bind(Envelope.class);
    NodePath path = NodePath.ROOT.to("data").to("mesh");
    if (!(mesh instanceof ScalarNode text) || Scalars.kind(text) != Scalars.Kind.STRING) {
      String expected = " (expected: a text, behind \"mesh: |-\")";
      faults.error(Code.WRONG_TYPE, mesh, path, Values.show(mesh) + expected);
      return null;
    }
    IntUnaryOperator inner = lines(text, lines);
    Node root = new YamlText(text.getValue(), file, inner, problems).parse();
    if (root == null || envelope == null) {
      return null;
    }
    Faults within = new Faults(file, inner, path.toString(), root, problems);
    MeshConfig config = new Binder(within, true).bind(MeshConfig.class);
    return config == null
        ? null
        : new MeshConfigMap(envelope.metadata(), config, envelope.location());
  }

  /** The lines of a mesh configuration without a ConfigMap around them. */
  static MeshConfigMap bare(MeshConfig mesh) {
    ObjectMeta metadata = new ObjectMeta("mesh-config", "istio-system", Map.of(), Map.of(), null);
    return new MeshConfigMap(metadata, mesh, mesh.location());
  }

  /** Of a literal block the lines are the file's own; of other texts there is but one. */
  private static IntUnaryOperator lines(ScalarNode text, IntUnaryOperator lines) {
    int first = text.getStartMark().getLine();
    return text.getScalarStyle() == ScalarStyle.LITERAL
        ? line -> lines.applyAsInt(first + 1 + line)
        : line -> lines.applyAsInt(first);
  }
}
