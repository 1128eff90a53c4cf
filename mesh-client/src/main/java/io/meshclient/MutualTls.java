package io.meshclient;

import io.meshclient.identity.ExpectedPeer;
import io.meshclient.identity.IdentitySource;
import io.meshclient.identity.IdentityTls;
import io.meshclient.identity.SnapshotTls;
import io.meshclient.identity.TrustDomain;
import io.meshclient.istio.DestinationRule.Tls;
import io.meshclient.istio.DestinationRule.TlsMode;
import io.meshclient.policy.Cluster;
import io.meshclient.policy.Workload;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Mutual TLS by SPIFFE identities: which clusters have it, and who is expected there. A rule's own
 * word on TLS comes before the application's. Safe from any thread.
 */
final class MutualTls {
  private final IdentityTls tls;
  private final RotatedConnections connections;
  private final Workload workload;
  private final PerDestination<Boolean> destinations;
  private final PerDestination<ExpectedPeer> peers;
  private volatile Plans plans = new Plans(List.of(), Map.of());

  /** Of one policy; by the clusters' names. */
  private record Plans(List<TrustDomain> trustDomains, Map<String, PeerPlan> byCluster) {}

  /**
   * @param destinations that no rule has to name
   * @param peers whom the application expects
   */
  MutualTls(
      IdentitySource source,
      Workload workload,
      PerDestination<Boolean> destinations,
      PerDestination<ExpectedPeer> peers) {
    this.tls = IdentityTls.of(source);
    this.connections = new RotatedConnections(tls);
    this.workload = workload;
    this.destinations = destinations;
    this.peers = peers;
  }

  RotatedConnections connections() {
    return connections;
  }

  /** A policy has come into force. */
  void apply(Collection<Cluster> clusters, List<TrustDomain> trustDomains) {
    Map<String, PeerPlan> newer = new HashMap<>();
    for (Cluster cluster : clusters) {
      if (covers(cluster)) {
        newer.put(cluster.name(), plan(cluster, trustDomains));
      }
    }
    plans = new Plans(List.copyOf(trustDomains), Map.copyOf(newer));
  }

  /** Whether requests to a cluster go out by mutual TLS. */
  boolean covers(Cluster cluster) {
    Tls ofRule = cluster.settings().policy() == null ? null : cluster.settings().policy().tls();
    if (ofRule != null) {
      return ofRule.mode() == TlsMode.ISTIO_MUTUAL;
    }
    return cluster.discovery() != Cluster.Discovery.ORIGINAL
        && Boolean.TRUE.equals(
            destinations.of(destination(cluster), workload.namespace(), workload.domain()));
  }

  private PeerPlan plan(Cluster cluster, List<TrustDomain> trustDomains) {
    ExpectedPeer told = peers.of(destination(cluster), workload.namespace(), workload.domain());
    return PeerPlan.of(cluster, told, workload.domain(), trustDomains);
  }

  private static String destination(Cluster cluster) {
    return cluster.subset().isEmpty()
        ? cluster.service()
        : cluster.service() + "/" + cluster.subset();
  }

  /**
   * What a plain request to a cluster goes out by; {@code null} if not by mutual TLS.
   *
   * @throws IOException if there is no identity to show, or nobody to expect: nothing goes out
   */
  @Nullable SnapshotTls of(Cluster cluster) throws IOException {
    Plans known = plans;
    PeerPlan plan = known.byCluster.get(cluster.name());
    if (plan == null) {
      // Also for calls that are still under the policy before.
      if (!covers(cluster)) {
        return null;
      }
      plan = plan(cluster, known.trustDomains);
    }
    ExpectedPeer expected = plan.expected(tls.identity().svid().id().trustDomain());
    if (expected.isNobody()) {
      throw new MeshCallException(
          cluster.service()
              + ": who is to be there is not known (expected: subjectAltNames of its"
              + " DestinationRule, service accounts of its endpoints, or peer() of the client)",
          null);
    }
    SnapshotTls current = tls.current(expected);
    connections.use(current);
    return current;
  }
}
