package io.meshclient;

import io.meshclient.identity.SnapshotTls;
import io.meshclient.identity.TrustDomain;
import io.meshclient.istio.DestinationRule.Tls;
import io.meshclient.istio.DestinationRule.TlsMode;
import io.meshclient.policy.Cluster;
import java.io.IOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The TLS of destinations that DestinationRules put it on, by what a rule says: connections are
 * pooled by it. Safe from any thread.
 */
final class TlsOrigins {
  private final PolicyScoped<Tls, TlsOrigin> origins;

  private final @Nullable MutualTls mutual;

  /**
   * @param mutual {@code null} without an identity
   */
  TlsOrigins(MeshClock clock, @Nullable MutualTls mutual) {
    this.mutual = mutual;
    origins = new PolicyScoped<>(tls -> new TlsOrigin(tls, clock));
  }

  /**
   * What a plain request to a cluster goes out by; {@code null} for plain text.
   *
   * @param byIdentity whether mutual TLS by the workload's identity is the library's to do
   * @throws IOException if its files cannot be used: then nothing goes out at all
   */
  TlsOrigin.@Nullable Material of(Cluster cluster, boolean byIdentity) throws IOException {
    Tls tls = settings(cluster);
    if (tls != null) {
      return origins.of(tls).material();
    }
    SnapshotTls identity = mutual == null || !byIdentity ? null : mutual.of(cluster);
    return identity == null ? null : TlsOrigin.Material.of(identity, sni(cluster));
  }

  /** Whether plain requests to a cluster go out by the workload's identity. */
  boolean isMutual(Cluster cluster) {
    return settings(cluster) == null && mutual != null && mutual.covers(cluster);
  }

  /** What looks after connections of mutual TLS; {@code null} without an identity. */
  @Nullable RotatedConnections rotated() {
    return mutual == null ? null : mutual.connections();
  }

  /**
   * Takes a new policy's clusters, and forgets what none uses any more.
   *
   * @param trustDomains the mesh's; empty for the caller's own
   */
  void apply(Collection<Cluster> clusters, List<TrustDomain> trustDomains) {
    if (mutual != null) {
      mutual.apply(clusters, trustDomains);
    }
    Set<Tls> used = new HashSet<>();
    for (Cluster cluster : clusters) {
      Tls tls = settings(cluster);
      if (tls != null) {
        used.add(tls);
      }
    }
    origins.retain(used);
  }

  int size() {
    return origins.size();
  }

  private static @Nullable String sni(Cluster cluster) {
    Tls tls = ofRule(cluster);
    return tls == null ? null : tls.sni();
  }

  private static @Nullable Tls ofRule(Cluster cluster) {
    return cluster.settings().policy() == null ? null : cluster.settings().policy().tls();
  }

  private static @Nullable Tls settings(Cluster cluster) {
    Tls tls = ofRule(cluster);
    boolean originates =
        tls != null && (tls.mode() == TlsMode.SIMPLE || tls.mode() == TlsMode.MUTUAL);
    return originates ? tls : null;
  }
}
