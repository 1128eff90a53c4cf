package io.meshclient.identity;

import java.util.List;

/**
 * All that the Workload API tells a workload about X.509-SVIDs at one moment.
 *
 * <p>Immutable.
 *
 * @param svids in the server's order, of which the first is the default; at least one
 * @param bundles of the SVIDs' trust domains, and of those they federate with; certificates alone
 */
public record X509Context(List<HintedSvid> svids, BundleSet bundles) {

  /**
   * An SVID, and what its operator says it is for.
   *
   * @param hint such as {@code internal}; empty if nothing is said
   */
  public record HintedSvid(X509Svid svid, String hint) {}

  public X509Context {
    svids = List.copyOf(svids);
  }
}
