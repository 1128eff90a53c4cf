package io.meshclient.istio;

import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;

/** Reads single values: strictly, as Kubernetes' API does, with a hint at the usual mistakes. */
final class ScalarReader {
  private final Faults faults;

  ScalarReader(Faults faults) {
    this.faults = faults;
  }

  /** Whether {@link #read} knows the type. */
  static boolean reads(Class<?> type) {
    return type.isPrimitive()
        || type.isEnum()
        || type == String.class
        || type == Integer.class
        || type == Long.class
        || type == Double.class
        || type == Boolean.class
        || type == Duration.class
        || type == Instant.class
        || type == byte[].class
        || type == IntOrString.class;
  }

  /** {@code null} where the value has a fault, which is then reported. */
  @Nullable Object read(Node node, Class<?> type, NodePath path) {
    if (!(node instanceof ScalarNode scalar)) {
      return wrong(node, path, expected(type));
    }
    if (type == String.class) {
      return string(scalar, path, "a string");
    }
    if (type == int.class || type == Integer.class) {
      return integer(scalar, path, Integer.MIN_VALUE, Integer.MAX_VALUE, Integer.class);
    }
    if (type == long.class || type == Long.class) {
      return integer(scalar, path, Long.MIN_VALUE, Long.MAX_VALUE, Long.class);
    }
    if (type == double.class || type == Double.class) {
      Double number = Scalars.number(scalar);
      return number == null ? wrong(scalar, path, "a number" + unquoted(scalar)) : number;
    }
    if (type == boolean.class || type == Boolean.class) {
      return Scalars.kind(scalar) == Scalars.Kind.BOOLEAN
          ? (Object) Scalars.bool(scalar)
          : wrong(scalar, path, "true or false" + unquoted(scalar));
    }
    if (type == IntOrString.class) {
      return intOrString(scalar, path);
    }
    String text = string(scalar, path, expected(type));
    return text == null ? null : parse(scalar, text, type, path);
  }

  private @Nullable Object parse(ScalarNode node, String text, Class<?> type, NodePath path) {
    if (type.isEnum()) {
      return constant(node, text, type, path);
    }
    if (type == Duration.class) {
      Duration duration = Durations.parse(text);
      return duration == null ? malformed(node, path, expected(type)) : duration;
    }
    if (type == Instant.class) {
      try {
        return OffsetDateTime.parse(text).toInstant();
      } catch (DateTimeException e) {
        return malformed(node, path, expected(type));
      }
    }
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      return malformed(node, path, expected(type));
    }
  }

  private @Nullable String string(ScalarNode node, NodePath path, String expected) {
    Scalars.Kind kind = Scalars.kind(node);
    if (kind == Scalars.Kind.STRING) {
      return node.getValue();
    }
    String hint = expected.equals("a string") ? ", in quotes: \"" + node.getValue() + "\"" : "";
    wrong(node, path, expected + hint);
    return null;
  }

  private @Nullable Object integer(
      ScalarNode node, NodePath path, long min, long max, Class<?> type) {
    BigInteger value = Scalars.whole(node);
    if (value == null) {
      return wrong(node, path, "an integer" + unquoted(node));
    }
    if (value.compareTo(BigInteger.valueOf(min)) < 0
        || value.compareTo(BigInteger.valueOf(max)) > 0) {
      String expected = " (expected: an integer of " + (type == Integer.class ? 32 : 64) + " bits)";
      faults.error(Code.OUT_OF_RANGE, node, path, Values.show(node) + expected);
      return null;
    }
    return type == Integer.class ? (Object) value.intValue() : (Object) value.longValue();
  }

  private @Nullable Object intOrString(ScalarNode node, NodePath path) {
    if (Scalars.kind(node) == Scalars.Kind.STRING) {
      return new IntOrString(null, node.getValue());
    }
    Object number = integer(node, path, Integer.MIN_VALUE, Integer.MAX_VALUE, Integer.class);
    return number == null ? null : new IntOrString((Integer) number, null);
  }

  private @Nullable Object constant(ScalarNode node, String text, Class<?> type, NodePath path) {
    List<String> names = new ArrayList<>();
    for (Object constant : type.getEnumConstants()) {
      String name = ((Enum<?>) constant).name();
      if (name.equals(text)) {
        return constant;
      }
      names.add(name);
    }
    String expected = " (expected: one of " + String.join(", ", names) + ")";
    faults.error(
        Code.UNKNOWN_VALUE, node, path, Values.show(node) + expected + Near.hint(text, names));
    return null;
  }

  /** A hint where only the quotes are too many. */
  private static String unquoted(ScalarNode node) {
    String text = node.getValue();
    boolean bare = !node.isPlain() && !text.isEmpty() && text.chars().noneMatch(c -> c <= ' ');
    return bare ? ", without quotes" : "";
  }

  static String expected(Class<?> type) {
    if (type == Duration.class) {
      return "a duration such as 10s, 1.5s or 250ms, not negative";
    }
    if (type == Instant.class) {
      return "a time such as 2026-01-31T12:00:00Z";
    }
    if (type == byte[].class) {
      return "base64";
    }
    if (type.isEnum()) {
      return "a string";
    }
    if (type == IntOrString.class) {
      return "an integer or a string";
    }
    if (type == boolean.class || type == Boolean.class) {
      return "true or false";
    }
    if (type == double.class || type == Double.class) {
      return "a number";
    }
    return type == String.class ? "a string" : "an integer";
  }

  @Nullable Object wrong(Node node, NodePath path, String expected) {
    faults.error(Code.WRONG_TYPE, node, path, Values.show(node) + " (expected: " + expected + ")");
    return null;
  }

  private @Nullable Object malformed(Node node, NodePath path, String expected) {
    faults.error(Code.BAD_FORMAT, node, path, Values.show(node) + " (expected: " + expected + ")");
    return null;
  }
}
