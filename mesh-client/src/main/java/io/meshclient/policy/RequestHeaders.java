package io.meshclient.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a request's headers the way Envoy keeps them. */
final class RequestHeaders {

  /**
   * Headers of which Envoy's codec joins repeated lines by commas before anything looks at them;
   * lines of all others are looked at one by one.
   */
  private static final Set<String> JOINED =
      Set.of(
          "authorization",
          "user-agent",
          "accept",
          "accept-encoding",
          "origin",
          "referer",
          "cache-control",
          "content-type",
          "if-none-match",
          "x-forwarded-for",
          "x-forwarded-host");

  private RequestHeaders() {}

  /** The first line of a header or a pseudo-header, joined with the others where Envoy does so. */
  static @Nullable String value(RequestView request, String name) {
    if (isPseudo(name)) {
      return pseudo(request, name);
    }
    int first = next(request, name, 0);
    if (first < 0) {
      return unsent(request, name);
    }
    return JOINED.contains(name) ? joined(request, name, first) : request.headerValue(first);
  }

  /** The lines of a header, as Envoy keeps them; none where it is missing. */
  static List<String> lines(RequestView request, String name) {
    int first = next(request, name, 0);
    if (first < 0 || isPseudo(name) || JOINED.contains(name)) {
      String value = value(request, name);
      return value == null ? List.of() : List.of(value);
    }
    int second = next(request, name, first + 1);
    if (second < 0) {
      return List.of(request.headerValue(first));
    }
    List<String> lines = new ArrayList<>();
    for (int i = first; i >= 0; i = next(request, name, i + 1)) {
      lines.add(request.headerValue(i));
    }
    return lines;
  }

  /** Whether any line of a header matches. {@code name} is in lower case. */
  static boolean anyMatches(RequestView request, String name, StringMatcher matcher) {
    if (isPseudo(name)) {
      String value = pseudo(request, name);
      return value != null && matcher.matches(value);
    }
    int i = next(request, name, 0);
    if (i < 0) {
      String value = unsent(request, name);
      return value != null && matcher.matches(value);
    }
    if (JOINED.contains(name)) {
      return matcher.matches(joined(request, name, i));
    }
    for (; i >= 0; i = next(request, name, i + 1)) {
      if (matcher.matches(request.headerValue(i))) {
        return true;
      }
    }
    return false;
  }

  private static String joined(RequestView request, String name, int first) {
    String value = request.headerValue(first);
    for (int i = next(request, name, first + 1); i >= 0; i = next(request, name, i + 1)) {
      value = value + "," + request.headerValue(i);
    }
    return value;
  }

  private static int next(RequestView request, String name, int from) {
    for (int i = from, n = request.headerCount(); i < n; i++) {
      if (name.equalsIgnoreCase(request.headerName(i))) {
        return i;
      }
    }
    return -1;
  }

  /** Host is {@code :authority} by its old name, whether or not it is among the headers yet. */
  private static boolean isPseudo(String name) {
    return name.startsWith(":") || name.equals("host");
  }

  /** What Envoy adds before it matches. */
  private static @Nullable String unsent(RequestView request, String name) {
    return name.equals("x-forwarded-proto") ? request.scheme() : null;
  }

  private static @Nullable String pseudo(RequestView request, String name) {
    return switch (name) {
      case ":method" -> request.method();
      case ":path" -> request.pathAndQuery();
      case ":authority", "host" -> request.authority();
      case ":scheme" -> request.scheme();
      default -> null;
    };
  }
}
