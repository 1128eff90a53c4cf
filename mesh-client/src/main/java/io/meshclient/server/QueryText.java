package io.meshclient.server;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Queries as servlets see them: names with values. */
final class QueryText {

  private QueryText() {}

  /** A target's query; {@code null} if it has none. */
  static @Nullable String of(String target) {
    int question = target.indexOf('?');
    int fragment = target.indexOf('#');
    if (question < 0 || fragment >= 0 && fragment < question) {
      return null;
    }
    return target.substring(question + 1, fragment < 0 ? target.length() : fragment);
  }

  /**
   * Parameters with another query in the place of the one that was sent. Those of a form, which
   * stand behind those of the query, stay.
   */
  static Map<String, String[]> replaced(
      Map<String, String[]> all, @Nullable String sent, @Nullable String decided) {
    Map<String, List<String>> before = parse(sent);
    Map<String, String[]> changed = new LinkedHashMap<>();
    parse(decided).forEach((name, values) -> changed.put(name, values.toArray(String[]::new)));
    all.forEach(
        (name, values) -> {
          int ofQuery = Math.min(values.length, before.getOrDefault(name, List.of()).size());
          List<String> kept =
              new ArrayList<>(Arrays.asList(changed.getOrDefault(name, new String[0])));
          kept.addAll(Arrays.asList(values).subList(ofQuery, values.length));
          if (kept.isEmpty()) {
            changed.remove(name);
          } else {
            changed.put(name, kept.toArray(String[]::new));
          }
        });
    return changed;
  }

  private static Map<String, List<String>> parse(@Nullable String query) {
    Map<String, List<String>> values = new LinkedHashMap<>();
    for (String pair : query == null ? new String[0] : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (!pair.isEmpty()) {
        values
            .computeIfAbsent(
                decoded(equals < 0 ? pair : pair.substring(0, equals)), name -> new ArrayList<>(1))
            .add(equals < 0 ? "" : decoded(pair.substring(equals + 1)));
      }
    }
    return values;
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text; // an escape that is none: containers refuse it, or leave it
    }
  }
}
