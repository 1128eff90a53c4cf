package io.meshclient.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshclient.policy.ClusterSettings.LoadBalancing;
import io.meshclient.policy.Endpoint;
import io.meshclient.policy.Locality;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BalancerTest {
  private final EndpointState a = endpoint("a", 1);
  private final EndpointState b = endpoint("b", 1);

  @Test
  void roundRobin_takesTurnsByWeight() {
    EndpointState heavy = endpoint("heavy", 3);
    Map<EndpointState, Integer> counts =
        picks(Balancer.of(LoadBalancing.ROUND_ROBIN, List.of(a, heavy)), 40);
    assertThat(counts).containsEntry(a, 10).containsEntry(heavy, 30);
  }

  @Test
  void leastRequest_avoidsTheBusyOne() {
    a.begin();
    a.begin();
    Map<EndpointState, Integer> counts =
        picks(Balancer.of(LoadBalancing.LEAST_REQUEST, List.of(a, b)), 4000);
    // The busy one is taken only when both choices fall on it: a quarter of the time.
    assertThat(counts.get(a)).isBetween(800, 1200);
  }

  @Test
  void random_usesAll() {
    assertThat(picks(Balancer.of(LoadBalancing.RANDOM, List.of(a, b)), 200)).hasSize(2);
  }

  private static Map<EndpointState, Integer> picks(Balancer balancer, int count) {
    Map<EndpointState, Integer> counts = new HashMap<>();
    for (int i = 0; i < count; i++) {
      counts.merge(balancer.pick(), 1, Integer::sum);
    }
    return counts;
  }

  private static EndpointState endpoint(String address, int weight) {
    return new EndpointState(new Endpoint(address, 1, Map.of(), Locality.UNKNOWN, weight, "", ""));
  }
}
