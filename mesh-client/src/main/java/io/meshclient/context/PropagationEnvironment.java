package io.meshclient.context;

import java.util.Map;
import java.util.function.Consumer;

/** Reads a {@link PropagationPolicy}'s settings from environment variables. */
final class PropagationEnvironment {

  private static final String MAX_VALUE = "MESH_CLIENT_HEADERS_MAX_VALUE";
  private static final String MAX_COUNT = "MESH_CLIENT_HEADERS_MAX_COUNT";
  private static final String MAX_TOTAL = "MESH_CLIENT_HEADERS_MAX_TOTAL";

  private PropagationEnvironment() {}

  static void apply(Map<String, String> environment, PropagationPolicy.Builder builder) {
    read(environment, PropagationPolicy.HEADERS_VARIABLE, list -> headers(list, builder));
    read(environment, MAX_VALUE, value -> builder.maxValueLength(Integer.parseInt(value)));
    read(environment, MAX_COUNT, value -> builder.maxHeaders(Integer.parseInt(value)));
    read(environment, MAX_TOTAL, value -> builder.maxTotalLength(Integer.parseInt(value)));
  }

  private static void headers(String list, PropagationPolicy.Builder builder) {
    for (String item : list.split(",", -1)) {
      String entry = item.strip();
      int at = entry.indexOf('@');
      if (entry.isEmpty()) {
        continue;
      }
      if (at >= 0) {
        builder.allowFor(entry.substring(at + 1), entry.substring(0, at));
      } else if (entry.startsWith("-")) {
        builder.deny(entry.substring(1));
      } else {
        builder.allow(entry);
      }
    }
  }

  private static void read(Map<String, String> environment, String variable, Consumer<String> use) {
    String value = environment.get(variable);
    if (value == null || value.isBlank()) {
      return;
    }
    try {
      use.accept(value.strip());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          variable + ": " + HeaderRules.printable(value) + " (expected: a whole number > 0)", e);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(variable + ": " + e.getMessage(), e);
    }
  }
}
