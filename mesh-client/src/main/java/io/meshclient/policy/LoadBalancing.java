package io.meshclient.policy;

import java.util.List;
import java.util.stream.Collectors;
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

  /**
   * Such as {@code RING_HASH by header x-user}.
   *
   * @param hashed what the route's destinations name, which is hashed together
   */
  String describe(List<HashPolicy> hashed) {
    StringBuilder text = new StringBuilder(policy.name());
    if (policy.hashes()) {
      text.append(" by ")
          .append(
              hashed.isEmpty()
                  ? "chance, for nothing is named to go by"
                  : hashed.stream()
                      .map(HashPolicy::describe)
                      .distinct()
                      .collect(Collectors.joining(" and ")))
          .append(policy == Policy.MAGLEV ? ", table of " : ", ring of at least ")
          .append(tableSize)
          .append(policy == Policy.MAGLEV ? " places" : " points");
    }
    if (slowStart != null) {
      text.append(", new endpoints warm up in ")
          .append(SettingsWords.time(slowStart.windowNanos()))
          .append(" from ")
          .append(Shares.words(slowStart.minimum() * 100));
    }
    if (localityWeighted) {
      text.append(", by locality weights");
    }
    if (panicPercent > 0) {
      text.append(", among ejected ones too where fewer than ")
          .append(Shares.words(panicPercent))
          .append(" are healthy");
    }
    return text.toString();
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
