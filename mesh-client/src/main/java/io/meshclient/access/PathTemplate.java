package io.meshclient.access;

import com.google.re2j.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Paths with <code>{*}</code> for one segment and <code>{**}</code> for any rest, as Envoy's URI
 * template matcher takes them.
 */
final class PathTemplate {
  private static final String ONE = "{*}";
  private static final String ANY = "{**}";

  /** What Envoy lets a variable part hold. */
  private static final String CHARACTERS = "a-zA-Z0-9\\-._~%!$&'()*+,;:@=";

  private PathTemplate() {}

  static boolean isTemplate(String path) {
    return path.contains(ONE) || path.contains(ANY);
  }

  /** Why Istio refuses a path; {@code null} if it does not. */
  static @Nullable String problem(String path) {
    boolean template = isTemplate(path);
    boolean ended = false;
    for (String segment : path.split("/", -1)) {
      boolean variable = segment.equals(ONE) || segment.equals(ANY);
      if (variable && ended) {
        return "a template behind {**}";
      }
      ended |= segment.equals(ANY);
      if (!variable && (segment.indexOf('{') >= 0 || segment.indexOf('}') >= 0)) {
        return "braces beside {*} and {**}";
      }
      if (!variable && template && segment.indexOf('*') >= 0) {
        return "a star beside templates";
      }
    }
    return null;
  }

  static Pattern compile(String path) {
    StringBuilder regex = new StringBuilder();
    int at = 0;
    while (at < path.length()) {
      if (path.startsWith(ANY, at)) {
        regex.append('[').append(CHARACTERS).append("/]*");
        at += ANY.length();
      } else if (path.startsWith(ONE, at)) {
        regex.append('[').append(CHARACTERS).append("]+");
        at += ONE.length();
      } else {
        regex.append(Pattern.quote(path.substring(at, at + 1)));
        at++;
      }
    }
    return Pattern.compile(regex.toString());
  }
}
