package io.meshclient.access;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/** How what a request brought is shown in a log: on one line, not too long, no credentials. */
final class Shown {
  private static final int MAX = 120;
  private static final Set<String> HARMLESS = Set.of("x-request-id");
  private static final List<String> SECRET =
      List.of("authorization", "cookie", "token", "secret", "key", "password", "jwt", "session");

  private Shown() {}

  static String header(String name, List<String> lines) {
    if (lines.isEmpty()) {
      return "absent";
    }
    if (isSecret(name)) {
      return "a value that is not shown";
    }
    return list(
        name.equals(":path") ? lines.stream().map(Facts::withoutQuery).toList() : lines, "");
  }

  static boolean isSecret(String header) {
    String name = header.toLowerCase(Locale.ROOT);
    return !HARMLESS.contains(name) && SECRET.stream().anyMatch(name::contains);
  }

  static String list(List<String> values, String none) {
    if (values.isEmpty()) {
      return none;
    }
    StringBuilder text = new StringBuilder();
    for (String value : values) {
      if (text.length() > MAX) {
        return text.append(", ...").toString();
      }
      text.append(text.length() == 0 ? "" : ", ").append(quoted(value));
    }
    return text.toString();
  }

  static String quoted(String text) {
    return '"' + plain(text) + '"';
  }

  static String plain(String text) {
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      if (shown.length() >= MAX) {
        return shown.append("...").toString();
      }
      char c = text.charAt(i);
      if (c < ' ' || c > '~') {
        shown.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        shown.append(c);
      }
    }
    return shown.toString();
  }
}
