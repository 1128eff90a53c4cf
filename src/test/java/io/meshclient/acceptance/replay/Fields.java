package io.meshclient.acceptance.replay;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** A YAML mapping whose fields are taken one by one, so that what is left over can be named. */
public final class Fields {

  private final String caseName;
  private final Map<String, Object> left;

  public Fields(String caseName, Map<String, Object> fields) {
    this.caseName = caseName;
    this.left = new LinkedHashMap<>(fields);
  }

  @SuppressWarnings("unchecked") // SafeConstructor makes maps; a key that is no string fails later
  public static Map<String, Object> mapping(Object value) {
    return (Map<String, Object>) value;
  }

  public String string(String name, String otherwise) {
    Object value = left.remove(name);
    return value == null ? otherwise : value.toString();
  }

  public int integer(String name, int otherwise) {
    Object value = left.remove(name);
    return value == null ? otherwise : ((Number) value).intValue();
  }

  public OptionalDouble number(String name) {
    Object value = left.remove(name);
    return value == null
        ? OptionalDouble.empty()
        : OptionalDouble.of(((Number) value).doubleValue());
  }

  public Duration seconds(String name, double otherwise) {
    return Duration.ofMillis(Math.round(number(name).orElse(otherwise) * 1000));
  }

  public boolean flag(String name) {
    return Boolean.TRUE.equals(left.remove(name));
  }

  public List<?> list(String name) {
    Object value = left.remove(name);
    return value == null ? List.of() : (List<?>) value;
  }

  /** The elements of a list, or what stands there in place of a list of one. */
  public List<?> oneOrMore(String name) {
    Object value = left.remove(name);
    return value == null ? List.of() : elements(value);
  }

  /** Like {@link #oneOrMore(String)}, of a value that has been taken. */
  public static List<?> elements(Object value) {
    return value instanceof List<?> list ? list : List.of(value);
  }

  public List<String> strings(String name, List<String> otherwise) {
    return left.containsKey(name) ? list(name).stream().map(Object::toString).toList() : otherwise;
  }

  public Map<String, String> strings(String name, Map<String, String> otherwise) {
    if (!left.containsKey(name)) {
      return otherwise;
    }
    Map<String, String> strings = new LinkedHashMap<>();
    map(name).rest().forEach((key, value) -> strings.put(key, value.toString()));
    return strings;
  }

  /** A nested mapping, empty where there is none. */
  public Fields map(String name) {
    Object value = left.remove(name);
    return new Fields(caseName, value == null ? Map.of() : mapping(value));
  }

  /** The fields not taken so far, which are taken by this. */
  public Map<String, Object> rest() {
    Map<String, Object> rest = new LinkedHashMap<>(left);
    left.clear();
    return rest;
  }

  public void done() {
    if (!left.isEmpty()) {
      throw new IllegalArgumentException(
          caseName + ": " + left.keySet() + " (expected: fields that the corpus' README names)");
    }
  }
}
