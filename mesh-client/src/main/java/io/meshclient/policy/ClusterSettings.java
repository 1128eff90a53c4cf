package io.meshclient.policy;

import io.meshclient.istio.DestinationRule.TrafficPolicy;
import org.jspecify.annotations.Nullable;

/**
 * How a cluster's endpoints are used.
 *
 * @param connectTimeoutNanos 10 s unless a rule says otherwise
 * @param policy the rule's fields as merged for this cluster, for what is not compiled yet
 * @param ejection {@code null} where endpoints stay in whatever they answer
 */
public record ClusterSettings(
    LoadBalancing loadBalancing,
    long connectTimeoutNanos,
    @Nullable TrafficPolicy policy,
    @Nullable Ejection ejection,
    PoolLimits pool) {

  static final long DEFAULT_CONNECT_NANOS = 10_000_000_000L;

  static final ClusterSettings DEFAULT =
      new ClusterSettings(
          LoadBalancing.DEFAULT, DEFAULT_CONNECT_NANOS, null, null, PoolLimits.DEFAULT);
}
