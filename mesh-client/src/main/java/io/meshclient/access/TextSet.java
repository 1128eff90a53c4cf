package io.meshclient.access;

import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Values of which one has to match: exactly, by beginning ({@code a*}), by end ({@code *a}), any
 * that is not empty ({@code *}), or by regular expression. Immutable.
 *
 * @param folded whether all is in lower case, and what is asked about as well
 */
record TextSet(
    Set<String> exact,
    List<String> prefixes,
    List<String> suffixes,
    List<String> infixes,
    List<Pattern> patterns,
    boolean any,
    boolean folded) {

  TextSet {
    exact = Set.copyOf(exact);
    prefixes = List.copyOf(prefixes);
    suffixes = List.copyOf(suffixes);
    infixes = List.copyOf(infixes);
    patterns = List.copyOf(patterns);
  }

  /** The stars of the values are wildcards where they stand first or last. */
  static TextSet of(List<String> values) {
    Builder builder = new Builder();
    values.forEach(builder::add);
    return builder.build(false);
  }

  /** The same, with capitals and small letters alike. */
  static TextSet folded(List<String> values) {
    Builder builder = new Builder();
    values.forEach(value -> builder.add(value.toLowerCase(Locale.ROOT)));
    return builder.build(true);
  }

  boolean matches(String value) {
    String text = folded ? value.toLowerCase(Locale.ROOT) : value;
    if (any && !text.isEmpty() || exact.contains(text)) {
      return true;
    }
    for (int i = 0; i < prefixes.size(); i++) {
      if (text.startsWith(prefixes.get(i))) {
        return true;
      }
    }
    for (int i = 0; i < suffixes.size(); i++) {
      if (text.endsWith(suffixes.get(i))) {
        return true;
      }
    }
    for (int i = 0; i < infixes.size(); i++) {
      if (text.contains(infixes.get(i))) {
        return true;
      }
    }
    for (int i = 0; i < patterns.size(); i++) {
      if (patterns.get(i).matches(text)) {
        return true;
      }
    }
    return false;
  }

  /** Whether only whole values are in it. */
  boolean isExact() {
    return !any
        && prefixes.isEmpty()
        && suffixes.isEmpty()
        && infixes.isEmpty()
        && patterns.isEmpty();
  }

  /** For one thread. */
  static final class Builder {
    private final Set<String> exact = new HashSet<>();
    private final List<String> prefixes = new ArrayList<>();
    private final List<String> suffixes = new ArrayList<>();
    private final List<String> infixes = new ArrayList<>();
    private final List<Pattern> patterns = new ArrayList<>();
    private boolean any;

    void add(String value) {
      if (value.equals("*")) {
        any = true;
      } else if (value.startsWith("*")) {
        suffixes.add(value.substring(1));
      } else if (value.endsWith("*")) {
        prefixes.add(value.substring(0, value.length() - 1));
      } else {
        exact.add(value);
      }
    }

    void exact(String value) {
      exact.add(value);
    }

    void prefix(String value) {
      prefixes.add(value);
    }

    void suffix(String value) {
      suffixes.add(value);
    }

    void infix(String value) {
      infixes.add(value);
    }

    void pattern(String regex) {
      patterns.add(Pattern.compile(regex));
    }

    void any() {
      any = true;
    }

    TextSet build(boolean folded) {
      return new TextSet(exact, prefixes, suffixes, infixes, patterns, any, folded);
    }
  }
}
