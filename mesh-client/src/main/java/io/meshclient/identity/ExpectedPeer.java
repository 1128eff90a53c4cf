package io.meshclient.identity;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Who may be at the other end of a connection: whoever matches one of some patterns. Nobody does
 * where there is no pattern.
 *
 * <p>Immutable; equal where the patterns are, in whatever order.
 */
public final class ExpectedPeer {
  private static final ExpectedPeer ANY = of(SpiffeIdPattern.parse("*"));

  private final Set<SpiffeIdPattern> patterns;
  private final String text;

  private ExpectedPeer(Collection<SpiffeIdPattern> patterns) {
    TreeMap<String, SpiffeIdPattern> byText = new TreeMap<>();
    patterns.forEach(pattern -> byText.put(pattern.toString(), pattern));
    this.patterns = Set.copyOf(byText.values());
    this.text =
        byText.isEmpty() ? "nobody" : byText.keySet().stream().collect(Collectors.joining(" or "));
  }

  /** Everybody whom a bundle vouches for: who may do what is decided elsewhere. */
  public static ExpectedPeer any() {
    return ANY;
  }

  public static ExpectedPeer of(SpiffeIdPattern... patterns) {
    return of(List.of(patterns));
  }

  /** Like {@link #of(SpiffeIdPattern...)}. */
  public static ExpectedPeer of(Collection<SpiffeIdPattern> patterns) {
    return new ExpectedPeer(patterns);
  }

  /**
   * One who matches this pattern.
   *
   * @param pattern as in {@link SpiffeIdPattern#parse}
   * @throws InvalidSpiffeIdException if it is none
   */
  public static ExpectedPeer parse(String pattern) {
    return of(SpiffeIdPattern.parse(pattern));
  }

  /** Whether there is no pattern. */
  public boolean isNobody() {
    return patterns.isEmpty();
  }

  public boolean matches(SpiffeId id) {
    for (SpiffeIdPattern pattern : patterns) {
      if (pattern.matches(id)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Refuses everybody else.
   *
   * @throws UnexpectedPeerException which names both
   */
  public void check(SpiffeId id) throws UnexpectedPeerException {
    if (!matches(id)) {
      throw new UnexpectedPeerException(this, id);
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ExpectedPeer that && patterns.equals(that.patterns);
  }

  @Override
  public int hashCode() {
    return patterns.hashCode();
  }

  /** The patterns, joined by {@code or}. */
  @Override
  public String toString() {
    return text;
  }
}
