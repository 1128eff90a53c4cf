package io.meshclient.istio;

import org.jspecify.annotations.Nullable;

/**
 * How a string has to look: exactly so, with a prefix, or matching a whole RE2 expression. With
 * none of them (an empty message) it only has to be present.
 */
@AtMostOne({"exact", "prefix", "regex"})
public record StringMatch(
    @Nullable String exact, @Nullable String prefix, @Nullable String regex, Location location) {

  /** Whether this asks for nothing but presence. */
  public boolean isPresence() {
    return exact == null && prefix == null && regex == null;
  }

  @Override
  public String toString() {
    if (exact != null) {
      return "exact \"" + exact + "\"";
    }
    if (prefix != null) {
      return "prefix \"" + prefix + "\"";
    }
    return regex != null ? "regex \"" + regex + "\"" : "present";
  }
}
