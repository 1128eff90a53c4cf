package io.meshclient.upstream;

import io.meshclient.policy.LoadBalancing.SlowStart;
import org.jspecify.annotations.Nullable;

/**
 * Picks by chance, in proportion to weights that change from one moment to the next: with the
 * requests under way, or with the time since an endpoint came. Envoy reaches the same shares by a
 * schedule that every pick alters, which would need a lock.
 */
final class ChanceByWeight implements Picker {
  private static final long SHORTEST_AGE_NANOS = 1_000_000;

  private final EndpointState[] endpoints;
  private final boolean byLoad;
  private final @Nullable SlowStart slowStart;
  private final Sources sources;

  ChanceByWeight(
      EndpointState[] endpoints, boolean byLoad, @Nullable SlowStart slowStart, Sources sources) {
    this.endpoints = endpoints;
    this.byLoad = byLoad;
    this.slowStart = slowStart;
    this.sources = sources;
  }

  @Override
  public EndpointState pick(long hash, int attempt) {
    long now = slowStart == null ? 0 : sources.nanoTime().getAsLong();
    double total = 0;
    for (EndpointState endpoint : endpoints) {
      total += weight(endpoint, now);
    }
    double point = sources.random().get().nextDouble() * total;
    for (EndpointState endpoint : endpoints) {
      point -= weight(endpoint, now);
      if (point < 0) {
        return endpoint;
      }
    }
    // Weights may have changed on the way.
    return endpoints[endpoints.length - 1];
  }

  private double weight(EndpointState endpoint, long now) {
    double weight = endpoint.endpoint().weight();
    if (byLoad) {
      weight /= Math.max(0, endpoint.active()) + 1;
    }
    return slowStart == null ? weight : weight * part(slowStart, endpoint.age(now));
  }

  /** The part of its share that an endpoint of some age takes. */
  static double part(SlowStart slowStart, long ageNanos) {
    if (ageNanos >= slowStart.windowNanos()) {
      return 1;
    }
    double time = (double) Math.max(SHORTEST_AGE_NANOS, ageNanos) / slowStart.windowNanos();
    double grown = slowStart.aggression() == 1 ? time : Math.pow(time, 1 / slowStart.aggression());
    return Math.max(grown, slowStart.minimum());
  }
}
