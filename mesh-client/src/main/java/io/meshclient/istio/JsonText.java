package io.meshclient.istio;

import java.util.Locale;

/** JSON is read as the YAML that it is, but for its tabs and its escaped slashes. */
final class JsonText {
  private JsonText() {}

  static boolean isJson(String file, String text) {
    return file.toLowerCase(Locale.ROOT).endsWith(".json") || text.stripLeading().startsWith("{");
  }

  /** Tabs outside of strings as one space each, and {@code \\/} as the slash that it is. */
  static String asYaml(String text) {
    if (text.indexOf('\t') < 0 && !text.contains("\\/")) {
      return text;
    }
    StringBuilder clean = new StringBuilder(text.length());
    boolean inString = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && inString && i + 1 < text.length()) {
        i++;
        clean.append(text.charAt(i) == '/' ? "" : "\\").append(text.charAt(i));
      } else {
        inString ^= c == '"';
        clean.append(c == '\t' && !inString ? ' ' : c);
      }
    }
    return clean.toString();
  }
}
