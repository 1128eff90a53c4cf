package io.meshclient.identity;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A SPIFFE ID, such as {@code spiffe://cluster.local/ns/production/sa/web}, read as strictly as the
 * SPIFFE-ID standard allows (sections 2.1 to 2.3): lower-case {@code spiffe://} and trust domain,
 * path segments of {@code a-z A-Z 0-9 . - _}, at most 2048 bytes. There is no port, user
 * information, query, fragment, percent-encoding, empty or relative segment and no slash at the
 * end. Since nothing is folded or decoded, an identity has one spelling.
 *
 * <p>An ID without a path is valid and names the trust domain; no workload has it.
 *
 * <p>Immutable; equal where the texts are.
 */
public final class SpiffeId implements Comparable<SpiffeId> {
  private final String text;
  private final TrustDomain trustDomain;
  private final String path;

  /** The text has been checked. */
  private SpiffeId(String text) {
    int slash = SpiffeIdSyntax.pathStart(text);
    this.text = text;
    this.trustDomain = new TrustDomain(text.substring(SpiffeIdSyntax.SCHEME.length(), slash));
    this.path = text.substring(slash);
  }

  /**
   * The ID that a text is.
   *
   * @throws InvalidSpiffeIdException if it is none, with the reason
   */
  public static SpiffeId parse(String text) {
    String reason = SpiffeIdSyntax.problem(Objects.requireNonNull(text, "text"));
    if (reason != null) {
      throw new InvalidSpiffeIdException("SPIFFE ID", text, reason);
    }
    return new SpiffeId(text);
  }

  /** Like {@link #parse}, with {@code null} for what is none. */
  public static @Nullable SpiffeId tryParse(String text) {
    return SpiffeIdSyntax.problem(text) == null ? new SpiffeId(text) : null;
  }

  /**
   * Why a text is no SPIFFE ID, in one line of ASCII; {@code null} if it is one. Allocates nothing
   * for one that is: for looking through many.
   */
  public static @Nullable String problem(String text) {
    return SpiffeIdSyntax.problem(text);
  }

  /**
   * The ID of a path in a trust domain.
   *
   * @param segments of the path, without slashes; none for the trust domain itself
   * @throws InvalidSpiffeIdException if a segment is not allowed, or the whole is too long
   */
  public static SpiffeId of(TrustDomain trustDomain, String... segments) {
    StringBuilder text = new StringBuilder(SpiffeIdSyntax.SCHEME).append(trustDomain);
    for (String segment : segments) {
      String reason = SpiffeIdSyntax.segmentProblem(segment);
      if (reason != null) {
        throw new InvalidSpiffeIdException("segment", segment, reason);
      }
      text.append('/').append(segment);
    }
    return parse(text.toString());
  }

  public TrustDomain trustDomain() {
    return trustDomain;
  }

  /** With its slash in front; empty for the ID of a trust domain. */
  public String path() {
    return path;
  }

  /** Whether it can name a workload: whether it has a path. */
  public boolean namesWorkload() {
    return !path.isEmpty();
  }

  /** The Kubernetes service account, in Istio's spelling of it; {@code null} for another path. */
  public @Nullable ServiceAccount serviceAccount() {
    return ServiceAccount.of(this);
  }

  /** As Istio's AuthorizationPolicy writes it: without the scheme. */
  public String principal() {
    return text.substring(SpiffeIdSyntax.SCHEME.length());
  }

  @Override
  public int compareTo(SpiffeId other) {
    return text.compareTo(other.text);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SpiffeId that && text.equals(that.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** The ID as it was read. */
  @Override
  public String toString() {
    return text;
  }
}
