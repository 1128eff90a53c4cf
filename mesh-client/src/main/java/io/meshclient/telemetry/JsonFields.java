package io.meshclient.telemetry;

import java.util.LinkedHashMap;
import java.util.Map;

/** Reads MeshConfig's {@code accessLogFormat} where it is JSON: one object of texts. */
final class JsonFields {
  private final String text;
  private int at;

  private JsonFields(String text) {
    this.text = text;
  }

  /**
   * @throws IllegalArgumentException if it is not an object of texts
   */
  static Map<String, String> parse(String text) {
    JsonFields reader = new JsonFields(text);
    Map<String, String> fields = new LinkedHashMap<>();
    reader.take('{');
    while (!reader.has('}')) {
      String name = reader.string();
      reader.take(':');
      fields.put(name, reader.string());
      if (!reader.has(',')) {
        reader.take('}');
        break;
      }
    }
    return fields;
  }

  private String string() {
    take('"');
    StringBuilder value = new StringBuilder();
    while (at < text.length() && text.charAt(at) != '"') {
      char c = text.charAt(at++);
      if (c == '\\' && at < text.length()) {
        char escaped = text.charAt(at++);
        value.append(escaped == 'n' ? '\n' : escaped == 't' ? '\t' : escaped);
      } else {
        value.append(c);
      }
    }
    take('"');
    return value.toString();
  }

  private boolean has(char sign) {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    boolean there = at < text.length() && text.charAt(at) == sign;
    if (there) {
      at++;
    }
    return there;
  }

  private void take(char sign) {
    if (!has(sign)) {
      throw new IllegalArgumentException(
          "accessLogFormat: \""
              + text.substring(at)
              + "\" (expected: "
              + sign
              + " of a JSON object of texts)");
    }
  }
}
