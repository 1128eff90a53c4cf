package io.meshclient.istio;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Turns a node into a record by the record's components. All faults of a document are reported, and
 * a record is made only while there are none.
 */
final class Binder {
  /** Of every object, and read by others. */
  private static final Set<String> ENVELOPE = Set.of("apiVersion", "kind", "status");

  private final Faults faults;
  private final boolean proto;
  private final boolean strict;
  private final ScalarReader scalars;
  private final Budget budget = new Budget();
  private final FreeForm freeForm = new FreeForm(budget);
  private final Deque<Level> levels = new ArrayDeque<>();

  /** A record that is being read, for the sake of fields that stand one level too deep. */
  private record Level(RecordShape<?> shape, NodePath path) {}

  /**
   * @param proto as the mesh configuration is read: the names of the proto's fields count too
   *     ({@code resource_detectors}), and unknown ones are passed over with a warning
   */
  Binder(Faults faults, boolean proto) {
    this(faults, proto, !proto);
  }

  private Binder(Faults faults, boolean proto, boolean strict) {
    this.faults = faults;
    this.proto = proto;
    this.strict = strict;
    this.scalars = new ScalarReader(faults);
  }

  /** As Envoy's configuration is read: by the names of the proto's fields, and strictly. */
  static Binder ofEnvoy(Faults faults) {
    return new Binder(faults, true, true);
  }

  /** {@code null} where something is wrong with it, which is then reported. */
  <T extends Record> @Nullable T bind(Class<T> type) {
    return bind(type, faults.root(), NodePath.ROOT);
  }

  /** The same of a part of the document. */
  <T extends Record> @Nullable T bind(Class<T> type, Node node, NodePath path) {
    try {
      return bind(node, RecordShape.of(type), path);
    } catch (Budget.Exceeded e) {
      faults.error(
          Code.TOO_LARGE,
          node,
          path,
          e.getMessage() + ", aliases counted at each use (expected: at most " + Budget.MAX + ")");
      return null;
    }
  }

  private <T extends Record> @Nullable T bind(Node node, RecordShape<T> shape, NodePath path) {
    budget.spend();
    if (!(node instanceof MappingNode map)) {
      scalars.wrong(node, path, "an object");
      return null;
    }
    int before = faults.errors();
    levels.push(new Level(shape, path));
    @Nullable Object[] values = shape.values(faults.locate(node, path));
    Set<String> present = new HashSet<>();
    for (NodeTuple tuple : map.getValue()) {
      ScalarNode key = (ScalarNode) tuple.getKeyNode();
      RecordShape.Member member = member(shape, key.getValue());
      if (member == null) {
        present.add(unknown(key, shape, path.to(key.getValue())));
      } else if (!Scalars.isNull(tuple.getValueNode())) {
        present.add(member.name());
        values[member.position()] = member(tuple.getValueNode(), member, path.to(key.getValue()));
      }
    }
    complete(node, shape, path, present, values);
    levels.pop();
    return faults.errors() == before ? create(node, shape, path, values) : null;
  }

  private RecordShape.@Nullable Member member(RecordShape<?> shape, String key) {
    RecordShape.Member member = shape.members().get(key);
    return member == null && proto ? shape.members().get(camelCase(key)) : member;
  }

  private @Nullable Object member(Node node, RecordShape.Member member, NodePath path) {
    Object value = value(node, member.type(), path);
    if (value != null) {
      Bounds.check(faults, node, path, member, value);
    }
    return value;
  }

  private void complete(
      Node node,
      RecordShape<?> shape,
      NodePath path,
      Set<String> present,
      @Nullable Object[] values) {
    for (RecordShape.Member member : shape.members().values()) {
      if (present.contains(member.name())) {
        continue;
      }
      boolean nested = !member.optional() && !member.required() && member.raw().isRecord();
      if (nested) {
        values[member.position()] = value(empty(node), member.type(), path.to(member.name()));
      } else if (member.required() || !member.optional()) {
        faults.error(Code.MISSING, node, path.to(member.name()), "missing (expected: a value)");
      }
    }
    List<String> chosen = shape.exclusive().stream().filter(present::contains).toList();
    if (chosen.size() > 1) {
      faults.error(
          Code.EXCLUSIVE,
          node,
          path,
          String.join(" and ", chosen)
              + " (expected: at most one of "
              + String.join(", ", shape.exclusive())
              + ")");
    }
  }

  private <T extends Record> @Nullable T create(
      Node node, RecordShape<T> shape, NodePath path, @Nullable Object[] values) {
    try {
      return shape.create(values);
    } catch (IllegalArgumentException e) {
      faults.error(Code.BAD_FORMAT, node, path, String.valueOf(e.getMessage()));
      return null;
    }
  }

  private @Nullable Object value(Node node, Type type, NodePath path) {
    if (type instanceof WildcardType wildcard) {
      return value(node, wildcard.getUpperBounds()[0], path);
    }
    if (type instanceof ParameterizedType generic) {
      Type[] arguments = generic.getActualTypeArguments();
      return generic.getRawType() == List.class
          ? list(node, arguments[0], path)
          : map(node, arguments[1], path);
    }
    Class<?> raw = (Class<?>) type;
    if (ScalarReader.reads(raw)) {
      budget.spend();
      return scalars.read(node, raw, path);
    }
    if (raw.isRecord()) {
      return bind(node, RecordShape.of(raw.asSubclass(Record.class)), path);
    }
    return freeForm.read(node);
  }

  private @Nullable List<Object> list(Node node, Type element, NodePath path) {
    budget.spend();
    if (!(node instanceof SequenceNode sequence)) {
      scalars.wrong(node, path, "a list");
      return null;
    }
    int before = faults.errors();
    List<Object> read = new ArrayList<>();
    int index = 0;
    for (Node child : sequence.getValue()) {
      Object value = present(child, element, path.to(index++));
      if (value != null) {
        read.add(value);
      }
    }
    return faults.errors() == before ? Collections.unmodifiableList(read) : null;
  }

  private @Nullable Map<String, Object> map(Node node, Type element, NodePath path) {
    budget.spend();
    if (!(node instanceof MappingNode mapping)) {
      scalars.wrong(node, path, "an object");
      return null;
    }
    int before = faults.errors();
    Map<String, Object> read = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      String key = ((ScalarNode) tuple.getKeyNode()).getValue();
      Object value = present(tuple.getValueNode(), element, path.to(key));
      if (value != null) {
        read.put(key, value);
      }
    }
    return faults.errors() == before ? Collections.unmodifiableMap(read) : null;
  }

  /** An element: {@code null} in a list or a map is a fault of its own, except in free form. */
  private @Nullable Object present(Node node, Type type, NodePath path) {
    if (!Scalars.isNull(node)) {
      return value(node, type, path);
    }
    if (type == String.class || isMessage(type)) {
      faults.error(Code.MISSING, node, path, "null (expected: a value)");
    }
    return null;
  }

  /**
   * Reports a field that the record does not have.
   *
   * @return the field of the record that was probably meant, which then is not missing; or empty
   */
  private String unknown(ScalarNode key, RecordShape<?> shape, NodePath path) {
    String name = key.getValue();
    if (shape.lenient() || (levels.size() == 1 && ENVELOPE.contains(name))) {
      return "";
    }
    String meant = Near.to(name, shape.members().keySet());
    String within = meant == null ? within(name, shape) : meant;
    String text = "unknown field" + hint(name, meant, within, shape);
    if (strict) {
      faults.error(Code.UNKNOWN_FIELD, key, path, text);
    } else {
      faults.warning(Code.UNKNOWN_FIELD, key, path, text);
    }
    return within == null ? "" : within;
  }

  /** What was meant: a field with a similar name, or this one at another level. */
  private String hint(
      String name, @Nullable String meant, @Nullable String within, RecordShape<?> shape) {
    if (meant != null) {
      return "; did you mean \"" + meant + "\"?";
    }
    for (Level level : levels) {
      if (level.shape().members().containsKey(name)) {
        return "; did you mean \"" + level.path().to(name).relative() + "\"?";
      }
    }
    if (within != null) {
      return "; did you mean \"" + within + "." + name + "\"?";
    }
    return shape.members().isEmpty()
        ? " (expected: no fields)"
        : " (expected: one of " + String.join(", ", shape.members().keySet()) + ")";
  }

  /** The field of {@code shape} whose object has a field of that name. */
  private static @Nullable String within(String name, RecordShape<?> shape) {
    for (RecordShape.Member member : shape.members().values()) {
      boolean inside =
          member.raw().isRecord()
              && RecordShape.of(member.raw().asSubclass(Record.class)).members().containsKey(name);
      if (inside) {
        return member.name();
      }
    }
    return null;
  }

  /** An object without fields, at the place of {@code node}. */
  private static MappingNode empty(Node node) {
    return new MappingNode(
        Tag.MAP,
        true,
        List.of(),
        node.getStartMark(),
        node.getEndMark(),
        DumperOptions.FlowStyle.BLOCK);
  }

  private static boolean isMessage(Type type) {
    return type instanceof Class<?> raw && (raw.isRecord() || ScalarReader.reads(raw));
  }

  static String camelCase(String name) {
    StringBuilder camel = new StringBuilder();
    boolean upper = false;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c == '_') {
        upper = true;
      } else {
        camel.append(upper ? Character.toUpperCase(c) : c);
        upper = false;
      }
    }
    return camel.toString();
  }
}
