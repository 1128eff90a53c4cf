package io.meshclient.identity;

import java.util.Objects;

/**
 * Who a workload is at one moment, and whom it can check: what one handshake works with, from its
 * beginning to its end.
 *
 * <p>Immutable. What it is shown as has no key in it.
 *
 * @param svid the workload's own
 * @param bundles of its own trust domain, and of those that it federates with
 */
public record WorkloadIdentity(X509Svid svid, BundleSet bundles) {

  public WorkloadIdentity {
    Objects.requireNonNull(svid, "svid");
    Objects.requireNonNull(bundles, "bundles");
  }

  /** Whether another one would prove and trust the same. */
  boolean sameAs(WorkloadIdentity other) {
    return svid.chain().equals(other.svid.chain()) && bundles.equals(other.bundles);
  }
}
