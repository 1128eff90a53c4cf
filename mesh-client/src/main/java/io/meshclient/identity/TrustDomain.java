package io.meshclient.identity;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The name of a SPIFFE trust domain, such as {@code cluster.local}: 1 to 255 characters of {@code
 * a-z 0-9 . - _} (SPIFFE-ID, sections 2.1 and 2.3). Upper case is refused, not folded. A name is
 * not taken for a DNS name or an address even where it looks like one.
 *
 * <p>Immutable; equal where the names are.
 */
public final class TrustDomain implements Comparable<TrustDomain> {
  private final String name;

  /** The name has been checked. */
  TrustDomain(String name) {
    this.name = name;
  }

  /**
   * The trust domain of that name.
   *
   * @param name without a scheme
   * @throws InvalidSpiffeIdException if it is none
   */
  public static TrustDomain parse(String name) {
    String reason = SpiffeIdSyntax.trustDomainProblem(Objects.requireNonNull(name, "name"));
    if (reason != null) {
      throw new InvalidSpiffeIdException("trust domain", name, reason);
    }
    return new TrustDomain(name);
  }

  /** Like {@link #parse}, with {@code null} for what is none. */
  public static @Nullable TrustDomain tryParse(String name) {
    return SpiffeIdSyntax.trustDomainProblem(name) == null ? new TrustDomain(name) : null;
  }

  /** The ID of the trust domain itself, without a path. No workload has it. */
  public SpiffeId id() {
    return SpiffeId.parse(SpiffeIdSyntax.SCHEME + name);
  }

  @Override
  public int compareTo(TrustDomain other) {
    return name.compareTo(other.name);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TrustDomain that && name.equals(that.name);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  /** The name, without a scheme. */
  @Override
  public String toString() {
    return name;
  }
}
