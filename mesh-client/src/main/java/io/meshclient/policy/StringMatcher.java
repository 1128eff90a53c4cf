package io.meshclient.policy;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.meshclient.istio.StringMatch;
import org.jspecify.annotations.Nullable;

/** A compiled {@link StringMatch}. Regular expressions are RE2 and match the whole value. */
public sealed interface StringMatcher {

  boolean matches(String value);

  /** Words for an explanation, such as {@code exact "true"}. */
  String describe();

  /**
   * Compiles a match.
   *
   * @throws PatternSyntaxException if its regex is not RE2
   */
  static StringMatcher of(@Nullable StringMatch match, boolean ignoreCase) {
    if (match == null || match.isPresence() || "*".equals(match.regex())) {
      return Present.INSTANCE;
    }
    if (match.exact() != null) {
      return new Exact(match.exact(), ignoreCase);
    }
    if (match.prefix() != null) {
      return new Prefix(match.prefix(), ignoreCase);
    }
    return new Regex(Pattern.compile(match.regex()));
  }

  record Exact(String text, boolean ignoreCase) implements StringMatcher {
    @Override
    public boolean matches(String value) {
      return ignoreCase ? text.equalsIgnoreCase(value) : text.equals(value);
    }

    @Override
    public String describe() {
      return "exact \"" + text + "\"" + (ignoreCase ? " (any case)" : "");
    }
  }

  record Prefix(String text, boolean ignoreCase) implements StringMatcher {
    @Override
    public boolean matches(String value) {
      return value.regionMatches(ignoreCase, 0, text, 0, text.length());
    }

    @Override
    public String describe() {
      return "prefix \"" + text + "\"" + (ignoreCase ? " (any case)" : "");
    }
  }

  record Regex(Pattern pattern) implements StringMatcher {
    @Override
    public boolean matches(String value) {
      return pattern.matches(value);
    }

    @Override
    public String describe() {
      return "regex \"" + pattern.pattern() + "\"";
    }
  }

  record Present() implements StringMatcher {
    static final Present INSTANCE = new Present();

    @Override
    public boolean matches(String value) {
      return true;
    }

    @Override
    public String describe() {
      return "present";
    }
  }
}
