package io.meshclient.policy;

import io.meshclient.istio.DestinationRule.TrafficPolicy;
import org.jspecify.annotations.Nullable;

/**
 * How a cluster's endpoints are used.
 *
 * @param connectTimeoutNanos 10 s unless a rule says otherwise
 * @param policy the rule's fields as merged for this cluster, for what is not compiled yet
 * @param ejection {@code null} where endpoints stay in whatever they answer
 * @param http2 whether plain requests go by HTTP/2, with prior knowledge
 */
public record ClusterSettings(
    LoadBalancing loadBalancing,
    long connectTimeoutNanos,
    @Nullable TrafficPolicy policy,
    @Nullable Ejection ejection,
    PoolLimits pool,
    boolean http2) {

  static final long DEFAULT_CONNECT_NANOS = 10_000_000_000L;

  static final ClusterSettings DEFAULT =
      new ClusterSettings(
          LoadBalancing.DEFAULT, DEFAULT_CONNECT_NANOS, null, null, PoolLimits.DEFAULT, false);
}
