package io.meshclient.policy;

/** How the path of a route has to look; exactly one for each route. Immutable. */
public sealed interface PathMatch {

  PathMatch ANY = new Prefix("/", false);

  boolean test(String path);

  String describe();

  /** How many characters of a path that fits a prefix rewrite replaces. */
  int matchedLength(String path);

  record Exact(String text, boolean ignoreCase) implements PathMatch {
    @Override
    public boolean test(String path) {
      return ignoreCase ? text.equalsIgnoreCase(path) : text.equals(path);
    }

    @Override
    public String describe() {
      return "uri exact \"" + text + "\"";
    }

    @Override
    public int matchedLength(String path) {
      return path.length();
    }
  }

  /** A plain prefix of characters, as a VirtualService means it. */
  record Prefix(String text, boolean ignoreCase) implements PathMatch {
    @Override
    public boolean test(String path) {
      return path.regionMatches(ignoreCase, 0, text, 0, text.length());
    }

    @Override
    public String describe() {
      return "uri prefix \"" + text + "\"";
    }

    @Override
    public int matchedLength(String path) {
      return text.length();
    }
  }

  /** A prefix of whole segments, as an HTTPRoute means it; {@code text} ends without slash. */
  record SegmentPrefix(String text) implements PathMatch {
    @Override
    public boolean test(String path) {
      return path.startsWith(text)
          && (path.length() == text.length() || path.charAt(text.length()) == '/');
    }

    @Override
    public String describe() {
      return "path prefix \"" + text + "\"";
    }

    @Override
    public int matchedLength(String path) {
      return text.length();
    }
  }

  record Regex(StringMatcher.Regex regex) implements PathMatch {
    @Override
    public boolean test(String path) {
      return regex.matches(path);
    }

    @Override
    public String describe() {
      return "uri " + regex.describe();
    }

    @Override
    public int matchedLength(String path) {
      return path.length();
    }
  }
}
