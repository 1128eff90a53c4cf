package io.meshclient.acceptance.envoy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON as maps and lists, and how resources are looked into. */
final class Js {

  private static final String TYPE = "type.googleapis.com/";

  private Js() {}

  /** An object of names and values in turn; an entry whose value is null is left out. */
  static Map<String, Object> object(Object... namesAndValues) {
    Map<String, Object> object = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      if (namesAndValues[i + 1] != null) {
        object.put((String) namesAndValues[i], namesAndValues[i + 1]);
      }
    }
    return object;
  }

  static Map<String, Object> typed(String type, Object... namesAndValues) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("@type", TYPE + type);
    object.putAll(object(namesAndValues));
    return object;
  }

  /** A filter, or another extension, by its name. */
  static Map<String, Object> extension(String name, Map<String, Object> typedConfig) {
    return object("name", name, "typed_config", typedConfig);
  }

  @SuppressWarnings("unchecked") // of the YAML reader, whose maps have strings for keys here
  static Map<String, Object> map(Object parent, String name) {
    Object value = parent instanceof Map<?, ?> map ? map.get(name) : null;
    return value instanceof Map<?, ?> ? (Map<String, Object>) value : Map.of();
  }

  static List<?> list(Object parent, String name) {
    Object value = parent instanceof Map<?, ?> map ? map.get(name) : null;
    return value instanceof List<?> list ? list : List.of();
  }

  static List<String> strings(Object parent, String name) {
    return list(parent, name).stream().map(String::valueOf).toList();
  }

  /** A string, or what stands for one; null for none. */
  static String string(Object parent, String name) {
    Object value = parent instanceof Map<?, ?> map ? map.get(name) : null;
    return value == null ? null : value.toString();
  }
}
