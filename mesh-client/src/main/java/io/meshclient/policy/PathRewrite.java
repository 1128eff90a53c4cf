package io.meshclient.policy;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;

/** What becomes of a path on its way; the query is never touched. Immutable. */
public sealed interface PathRewrite {

  String apply(String path, PathMatch match);

  String describe();

  /** The part that the route matched is replaced; slashes are neither added nor folded. */
  record Prefix(String replacement) implements PathRewrite {
    @Override
    public String apply(String path, PathMatch match) {
      return replacement + path.substring(match.matchedLength(path));
    }

    @Override
    public String describe() {
      return "prefix -> " + replacement;
    }
  }

  /** The part that the route matched is taken off, down to one slash: HTTPRoute's {@code /}. */
  record PrefixTakenOff() implements PathRewrite {
    @Override
    public String apply(String path, PathMatch match) {
      String rest = path.substring(match.matchedLength(path));
      return rest.startsWith("/") ? rest : "/" + rest;
    }

    @Override
    public String describe() {
      return "prefix taken off";
    }
  }

  record Whole(String replacement) implements PathRewrite {
    @Override
    public String apply(String path, PathMatch match) {
      return replacement;
    }

    @Override
    public String describe() {
      return "path -> " + replacement;
    }
  }

  /** Every occurrence is replaced; {@code \1} is the first group. */
  record Regex(Pattern pattern, String replacement) implements PathRewrite {
    @Override
    public String apply(String path, PathMatch match) {
      Matcher matcher = pattern.matcher(path);
      StringBuilder out = new StringBuilder();
      int from = 0;
      while (matcher.find()) {
        out.append(path, from, matcher.start());
        appendReplacement(out, matcher);
        from = matcher.end();
      }
      return out.append(path, from, path.length()).toString();
    }

    private void appendReplacement(StringBuilder out, Matcher matcher) {
      for (int i = 0; i < replacement.length(); i++) {
        char c = replacement.charAt(i);
        if (c != '\\' || i + 1 == replacement.length()) {
          out.append(c);
          continue;
        }
        char next = replacement.charAt(++i);
        if (next < '0' || next > '9') {
          out.append(next);
        } else if (next - '0' <= matcher.groupCount() && matcher.group(next - '0') != null) {
          out.append(matcher.group(next - '0'));
        }
      }
    }

    @Override
    public String describe() {
      return "regex " + pattern.pattern() + " -> " + replacement;
    }
  }
}
