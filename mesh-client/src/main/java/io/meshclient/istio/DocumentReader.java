package io.meshclient.istio;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Reads one document: a resource, or a list of them, each on its own. */
final class DocumentReader {
  private static final String SECURITY = "security.istio.io/";

  private final String file;
  private final IntUnaryOperator lines;
  private final boolean bareMesh;
  private final List<Problem> problems;
  private final List<Unread> unread;
  private final List<Resource> resources = new ArrayList<>();

  /**
   * @param bareMesh whether a document without a kind holds the lines of a mesh configuration
   */
  DocumentReader(
      String file,
      IntUnaryOperator lines,
      boolean bareMesh,
      List<Problem> problems,
      List<Unread> unread) {
    this.file = file;
    this.lines = lines;
    this.bareMesh = bareMesh;
    this.problems = problems;
    this.unread = unread;
  }

  List<Resource> read(Node root) {
    if (!Scalars.isNull(root)) {
      read(root, "", "");
    }
    return resources;
  }

  private void read(Node root, String defaultVersion, String defaultKind) {
    Faults faults = new Faults(file, lines, "", root, problems);
    if (!(root instanceof MappingNode map)) {
      String expected = " (expected: an object with apiVersion, kind and metadata)";
      faults.error(Code.NOT_A_RESOURCE, root, NodePath.ROOT, Values.show(root) + expected);
      return;
    }
    String version = text(map, "apiVersion", defaultVersion);
    String kind = text(map, "kind", defaultKind);
    if (bareMesh && version.isEmpty() && kind.isEmpty()) {
      MeshConfig mesh = new Binder(faults, true).bind(MeshConfig.class);
      if (mesh != null) {
        resources.add(MeshConfigs.bare(mesh));
      }
    } else if (version.isEmpty() || kind.isEmpty()) {
      String missing = version.isEmpty() ? "apiVersion" : "kind";
      faults.error(
          Code.NOT_A_RESOURCE, root, NodePath.ROOT.to(missing), "missing (expected: a value)");
      if (!kind.isEmpty() || version.startsWith(SECURITY)) {
        unread(faults, kind.isEmpty() ? null : kind);
      }
    } else if (kind.endsWith("List") && get(map, "items") instanceof SequenceNode items) {
      String itemKind = kind.substring(0, kind.length() - "List".length());
      items.getValue().forEach(item -> read(item, itemKind.isEmpty() ? "" : version, itemKind));
    } else {
      resource(faults, version, kind);
    }
  }

  private void resource(Faults faults, String apiVersion, String name) {
    int slash = apiVersion.indexOf('/');
    String group = slash < 0 ? "" : apiVersion.substring(0, slash);
    String version = apiVersion.substring(slash + 1);
    Kinds.Kind kind = Kinds.find(group, name);
    if (kind == null) {
      unknown(faults, group, apiVersion, name);
      return;
    }
    if (!kind.versions().contains(version)) {
      faults.error(
          Code.UNKNOWN_VERSION,
          NodePath.ROOT.to("apiVersion"),
          Values.printable(apiVersion) + " (expected: " + kind.apiVersion() + ")");
      unread(faults, name);
      return;
    }
    Resource resource = bind(faults, kind);
    if (resource != null) {
      Checks.check(resource, faults);
    }
    if (resource != null && !faults.broken()) {
      resources.add(resource);
    } else if (faults.broken()) {
      unread(faults, kind.name());
    }
  }

  private void unread(Faults faults, @Nullable String kind) {
    MappingNode root = (MappingNode) faults.root();
    String namespace = metadata(root, "namespace");
    String name = metadata(root, "name");
    unread.add(
        new Unread(
            kind,
            namespace.isEmpty() ? null : namespace,
            name.isEmpty() ? null : name,
            faults.locate(root, NodePath.ROOT)));
  }

  private static String metadata(MappingNode root, String key) {
    return get(root, "metadata") instanceof MappingNode map ? text(map, key, "") : "";
  }

  private @Nullable Resource bind(Faults faults, Kinds.Kind kind) {
    if (kind.type() == EnvoyFilter.class) {
      return EnvoyFilters.read(faults);
    }
    return kind.type() == MeshConfigMap.class
        ? MeshConfigs.read(faults, file, lines, problems)
        : (Resource) new Binder(faults, false).bind(kind.type());
  }

  private void unknown(Faults faults, String group, String apiVersion, String name) {
    Kinds.Kind meant = Kinds.meant(group, name);
    if (meant == null) {
      return;
    }
    boolean kindIsRight = meant.name().equals(name);
    String wrong = kindIsRight ? apiVersion : name;
    String right = kindIsRight ? meant.apiVersion() : meant.name();
    faults.error(
        Code.UNKNOWN_KIND,
        NodePath.ROOT.to(kindIsRight ? "apiVersion" : "kind"),
        Values.printable(wrong) + "; did you mean \"" + right + "\"?");
    unread(faults, meant.name());
  }

  private static String text(MappingNode map, String key, String otherwise) {
    return get(map, key) instanceof ScalarNode scalar && !Scalars.isNull(scalar)
        ? scalar.getValue()
        : otherwise;
  }

  static @Nullable Node get(MappingNode map, String key) {
    for (NodeTuple tuple : map.getValue()) {
      if (((ScalarNode) tuple.getKeyNode()).getValue().equals(key)) {
        return tuple.getValueNode();
      }
    }
    return null;
  }
}
