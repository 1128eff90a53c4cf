package io.meshclient.identity;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The trust bundles of several trust domains, each under its own name. They are never merged: an
 * authority of one trust domain vouches for IDs of that one alone.
 *
 * <p>Immutable.
 */
public final class BundleSet {
  private static final BundleSet EMPTY = new BundleSet(new TreeMap<>());

  private final Map<TrustDomain, TrustBundle> bundles;

  private BundleSet(Map<TrustDomain, TrustBundle> bundles) {
    this.bundles = bundles;
  }

  /**
   * A set of these.
   *
   * @throws IllegalArgumentException if two are of one trust domain
   */
  public static BundleSet of(TrustBundle... bundles) {
    return of(Arrays.asList(bundles));
  }

  /** Like {@link #of(TrustBundle...)}. */
  public static BundleSet of(Collection<TrustBundle> bundles) {
    Map<TrustDomain, TrustBundle> named = new TreeMap<>();
    for (TrustBundle bundle : bundles) {
      if (named.put(bundle.trustDomain(), bundle) != null) {
        throw new IllegalArgumentException(
            "bundles: two of " + bundle.trustDomain() + " (expected: one of each trust domain)");
      }
    }
    return named.isEmpty() ? EMPTY : new BundleSet(named);
  }

  /** This one, with that bundle in place of the one of its trust domain, if there is one. */
  public BundleSet with(TrustBundle bundle) {
    Map<TrustDomain, TrustBundle> changed = new TreeMap<>(bundles);
    changed.put(bundle.trustDomain(), bundle);
    return new BundleSet(changed);
  }

  /** This one, without the bundle of that trust domain. */
  public BundleSet without(TrustDomain trustDomain) {
    Map<TrustDomain, TrustBundle> changed = new TreeMap<>(bundles);
    changed.remove(trustDomain);
    return new BundleSet(changed);
  }

  public @Nullable TrustBundle bundle(TrustDomain trustDomain) {
    return bundles.get(trustDomain);
  }

  /** In order of their names. */
  public Set<TrustDomain> trustDomains() {
    return Collections.unmodifiableSet(bundles.keySet());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof BundleSet that && bundles.equals(that.bundles);
  }

  @Override
  public int hashCode() {
    return bundles.hashCode();
  }

  /** The bundles' short forms, for logs. */
  @Override
  public String toString() {
    return bundles.values().toString();
  }
}
