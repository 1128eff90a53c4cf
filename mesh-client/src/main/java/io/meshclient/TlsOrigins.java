package io.meshclient;

import io.meshclient.istio.DestinationRule.Tls;
import io.meshclient.istio.DestinationRule.TlsMode;
import io.meshclient.policy.Cluster;
import java.io.IOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The TLS of destinations that DestinationRules put it on, by what a rule says: connections are
 * pooled by it. Safe from any thread.
 */
final class TlsOrigins {
  private final PolicyScoped<Tls, TlsOrigin> origins;

  TlsOrigins(MeshClock clock) {
    origins = new PolicyScoped<>(tls -> new TlsOrigin(tls, clock));
  }

  /**
   * What a plain request to a cluster goes out by; {@code null} for plain text.
   *
   * @throws IOException if its files cannot be used: then nothing goes out at all
   */
  TlsOrigin.@Nullable Material of(Cluster cluster) throws IOException {
    Tls tls = settings(cluster);
    return tls == null ? null : origins.of(tls).material();
  }

  /** Forgets what no cluster uses any more. */
  void retain(Collection<Cluster> clusters) {
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

  private static @Nullable Tls settings(Cluster cluster) {
    Tls tls = cluster.settings().policy() == null ? null : cluster.settings().policy().tls();
    boolean originates =
        tls != null && (tls.mode() == TlsMode.SIMPLE || tls.mode() == TlsMode.MUTUAL);
    return originates ? tls : null;
  }
}
