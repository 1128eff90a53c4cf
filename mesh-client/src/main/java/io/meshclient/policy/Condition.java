package io.meshclient.policy;

import org.jspecify.annotations.Nullable;

/** One condition of a route, beside its path. Immutable. */
public sealed interface Condition {

  boolean test(RequestView request);

  /** What is asked, such as {@code header x-canary exact "true"}. */
  String describe();

  /** What this request has instead; only explanations ask. */
  @Nullable String actual(RequestView request);

  /** A header, or a pseudo-header such as {@code :method}; the name is in lower case. */
  record Header(String name, StringMatcher matcher, boolean inverted) implements Condition {
    /** Where a value is ruled out, a header that is missing counts as an empty one. */
    @Override
    public boolean test(RequestView request) {
      boolean found = RequestHeaders.anyMatches(request, name, matcher);
      if (inverted && !found && !(matcher instanceof StringMatcher.Present)) {
        found = RequestHeaders.value(request, name) == null && matcher.matches("");
      }
      return found != inverted;
    }

    @Override
    public String describe() {
      String what =
          switch (name) {
            case ":method" -> "method";
            case ":authority" -> "authority";
            case ":scheme" -> "scheme";
            default -> "header " + name;
          };
      return (inverted ? "no " : "") + what + " " + matcher.describe();
    }

    @Override
    public @Nullable String actual(RequestView request) {
      return RequestHeaders.value(request, name);
    }
  }

  /** A query parameter: its first value counts, nothing is decoded. */
  record Query(String name, StringMatcher matcher) implements Condition {
    @Override
    public boolean test(RequestView request) {
      String value = actual(request);
      return value != null && matcher.matches(value);
    }

    @Override
    public String describe() {
      return "query parameter " + name + " " + matcher.describe();
    }

    @Override
    public @Nullable String actual(RequestView request) {
      return first(request, name);
    }

    static @Nullable String first(RequestView request, String name) {
      String query = request.query();
      if (query == null) {
        return null;
      }
      for (int start = 0; start <= query.length(); ) {
        int end = query.indexOf('&', start);
        end = end < 0 ? query.length() : end;
        int equals = query.indexOf('=', start);
        int nameEnd = equals < 0 || equals > end ? end : equals;
        if (nameEnd - start == name.length() && query.startsWith(name, start)) {
          return nameEnd == end ? "" : query.substring(nameEnd + 1, end);
        }
        start = end + 1;
      }
      return null;
    }
  }

  /** The port that the request is sent to; a host known on one port needs no such condition. */
  record Port(int number) implements Condition {
    @Override
    public boolean test(RequestView request) {
      return request.port() == number;
    }

    @Override
    public String describe() {
      return "port " + number;
    }

    @Override
    public String actual(RequestView request) {
      return Integer.toString(request.port());
    }
  }
}
