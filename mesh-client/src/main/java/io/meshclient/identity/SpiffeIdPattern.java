package io.meshclient.identity;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Tells which SPIFFE IDs are meant: one, those of a trust domain, those below a path, or all.
 *
 * <p>Immutable; matching takes no lock and allocates nothing.
 */
public final class SpiffeIdPattern {
  private enum Kind {
    ALL,
    EXACT,
    PREFIX,
    SUFFIX
  }

  private static final String BELOW = "/*";
  private static final SpiffeIdPattern ALL = new SpiffeIdPattern(Kind.ALL, "");

  private final Kind kind;
  private final String text;

  private SpiffeIdPattern(Kind kind, String text) {
    this.kind = kind;
    this.text = text;
  }

  /**
   * Reads {@code *} for all IDs, {@code spiffe://td/a} for one, {@code spiffe://td/*} for the
   * workloads of a trust domain, {@code spiffe://td/a/*} for the IDs below a path. A star stands
   * for whole segments, so that {@code spiffe://td/web/*} does not mean {@code spiffe://td/web-2}.
   *
   * @throws InvalidSpiffeIdException if it is none of these
   */
  public static SpiffeIdPattern parse(String pattern) {
    if (pattern.equals("*")) {
      return ALL;
    }
    if (!pattern.endsWith(BELOW)) {
      return exact(SpiffeId.parse(pattern));
    }
    String parent = pattern.substring(0, pattern.length() - BELOW.length());
    return new SpiffeIdPattern(Kind.PREFIX, SpiffeId.parse(parent) + "/");
  }

  /**
   * Reads a principal of Istio's AuthorizationPolicy, which has no scheme: {@code
   * cluster.local/ns/a/sa/b}, a prefix such as {@code cluster.local/ns/a/*}, a suffix such as
   * {@code *}{@code /sa/b}, or {@code *} for all. As in Istio a star stands for any characters,
   * slashes too, and one within the text for itself; what cannot be an ID matches none.
   *
   * @throws IllegalArgumentException if it is empty
   */
  public static SpiffeIdPattern principal(String principal) {
    if (principal.isEmpty()) {
      throw new IllegalArgumentException("principal: \"\" (expected: trust-domain/path)");
    }
    if (principal.equals("*")) {
      return ALL;
    }
    if (principal.startsWith("*")) {
      return new SpiffeIdPattern(Kind.SUFFIX, principal.substring(1));
    }
    boolean prefix = principal.endsWith("*");
    String text = prefix ? principal.substring(0, principal.length() - 1) : principal;
    return new SpiffeIdPattern(prefix ? Kind.PREFIX : Kind.EXACT, SpiffeIdSyntax.SCHEME + text);
  }

  /** That one alone. */
  public static SpiffeIdPattern exact(SpiffeId id) {
    return new SpiffeIdPattern(Kind.EXACT, id.toString());
  }

  /** All workloads of a trust domain. */
  public static SpiffeIdPattern memberOf(TrustDomain trustDomain) {
    return new SpiffeIdPattern(Kind.PREFIX, trustDomain.id() + "/");
  }

  public boolean matches(SpiffeId id) {
    String asked = id.toString();
    return switch (kind) {
      case ALL -> true;
      case EXACT -> asked.equals(text);
      case PREFIX -> asked.startsWith(text);
      case SUFFIX -> asked.endsWith(text);
    };
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SpiffeIdPattern that && kind == that.kind && text.equals(that.text);
  }

  @Override
  public int hashCode() {
    return Objects.hash(kind, text);
  }

  /** The pattern, with the scheme where that is part of it. */
  @Override
  public String toString() {
    return switch (kind) {
      case ALL -> "*";
      case EXACT -> text;
      case PREFIX -> text + "*";
      case SUFFIX -> "*" + text;
    };
  }
}
