package io.meshclient.policy;

import org.jspecify.annotations.Nullable;

/**
 * How an endpoint of a cluster is picked.
 *
 * @param hashPolicy what a hash goes by; {@code null} where nothing is hashed, or nothing of the
 *     request
 * @param tableSize the least number of points on a ring, or the size of a Maglev table; 0 for
 *     neither
 * @param slowStart {@code null} where a new endpoint takes its full share at once
 * @param localityWeighted whether the localities of a priority share by {@link
 *     Endpoint#localityWeight}
 * @param panicPercent where a smaller part of the endpoints is healthy, all of them are used; 0 for
 *     never
 */
public record LoadBalancing(
    Policy policy,
    @Nullable HashPolicy hashPolicy,
    int tableSize,
    @Nullable SlowStart slowStart,
    boolean localityWeighted,
    int panicPercent) {

  static final LoadBalancing DEFAULT =
      new LoadBalancing(Policy.LEAST_REQUEST, null, 0, null, false, 0);

  /** Such as {@code RING_HASH by header x-user}. */
  String describe() {
    StringBuilder text = new StringBuilder(policy.name());
    if (hashPolicy != null) {
      text.append(" by ").append(hashPolicy.describe());
    }
    if (slowStart != null) {
      text.append(", warming up in ").append(slowStart.windowNanos() / 1_000_000).append(" ms");
    }
    return text.append(localityWeighted ? ", by locality weights" : "").toString();
  }

  /** Envoy's load balancers. */
  public enum Policy {
    ROUND_ROBIN,
    LEAST_REQUEST,
    RANDOM,
    RING_HASH,
    MAGLEV;

    /** Whether a request's hash picks the endpoint. */
    public boolean hashes() {
      return this == RING_HASH || this == MAGLEV;
    }
  }

  /**
   * The share of an endpoint that is new grows to its full one within a window.
   *
   * @param minimum the part of the share that it has at once, 0 to 1
   * @param aggression 1 for a share that grows evenly; more for one that grows faster at first
   */
  public record SlowStart(long windowNanos, double minimum, double aggression) {}
}
