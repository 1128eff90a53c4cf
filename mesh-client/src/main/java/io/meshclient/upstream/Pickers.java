package io.meshclient.upstream;

import io.meshclient.policy.LoadBalancing;
import io.meshclient.policy.LoadBalancing.Policy;
import io.meshclient.policy.LoadBalancing.SlowStart;
import java.util.List;

/** The pickers that hash nothing, as Envoy's load balancers of the same names pick. */
final class Pickers {

  private Pickers() {}

  static Picker of(LoadBalancing settings, List<EndpointState> list, Sources sources) {
    EndpointState[] endpoints = list.toArray(new EndpointState[0]);
    if (endpoints.length == 0) {
      return Picker.NONE;
    }
    if (settings.policy() == Policy.RANDOM) {
      return (hash, attempt) -> endpoints[sources.draw(endpoints.length)];
    }
    boolean byLoad = settings.policy() == Policy.LEAST_REQUEST;
    Picker settled = byLoad ? leastRequest(endpoints, sources) : roundRobin(endpoints, sources);
    SlowStart slowStart = settings.slowStart();
    return slowStart == null ? settled : slowly(endpoints, byLoad, slowStart, settled, sources);
  }

  /** In turn, from a random start, so that many clients do not march in step. */
  private static Picker roundRobin(EndpointState[] endpoints, Sources sources) {
    long[] weights = new long[endpoints.length];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = endpoints[i].endpoint().weight();
    }
    Turns turns = Turns.of(weights, sources);
    return (hash, attempt) -> endpoints[turns.next()];
  }

  /**
   * Of two at random the one with fewer requests under way. Where weights differ, by chance in
   * proportion to weight / (requests under way + 1).
   */
  private static Picker leastRequest(EndpointState[] endpoints, Sources sources) {
    int weight = endpoints[0].endpoint().weight();
    for (EndpointState endpoint : endpoints) {
      if (endpoint.endpoint().weight() != weight) {
        return new ChanceByWeight(endpoints, true, null, sources);
      }
    }
    return (hash, attempt) -> {
      EndpointState one = endpoints[sources.draw(endpoints.length)];
      EndpointState other = endpoints[sources.draw(endpoints.length)];
      return other.active() < one.active() ? other : one;
    };
  }

  /** By growing weights while any endpoint is new, then as usual. */
  private static Picker slowly(
      EndpointState[] endpoints,
      boolean byLoad,
      SlowStart slowStart,
      Picker settled,
      Sources sources) {
    long now = sources.nanoTime().getAsLong();
    long left = 0;
    for (EndpointState endpoint : endpoints) {
      left = Math.max(left, slowStart.windowNanos() - endpoint.age(now));
    }
    if (left <= 0) {
      return settled;
    }
    long end = now + left;
    Picker growing = new ChanceByWeight(endpoints, byLoad, slowStart, sources);
    return (hash, attempt) ->
        (sources.nanoTime().getAsLong() - end < 0 ? growing : settled).pick(hash, attempt);
  }
}
