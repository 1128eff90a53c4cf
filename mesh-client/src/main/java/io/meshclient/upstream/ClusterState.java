package io.meshclient.upstream;

import io.meshclient.policy.Cluster;
import io.meshclient.policy.Endpoint;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The endpoints of a cluster, and the choice among them. Safe from any thread; takes no lock. */
public final class ClusterState {

  /** How often a retry looks for an endpoint that was not tried before it takes what it got. */
  private static final int PICKS = 5;

  private volatile Hosts hosts;

  ClusterState(Cluster cluster) {
    hosts = Hosts.of(cluster, Map.of());
  }

  void update(Cluster cluster) {
    Hosts before = hosts;
    if (!before.cluster.equals(cluster)) {
      hosts = Hosts.of(cluster, before.byAddress);
    }
  }

  public List<EndpointState> endpoints() {
    return hosts.all;
  }

  /**
   * The endpoint for a try.
   *
   * @param tried endpoints to be avoided if possible
   * @return {@code null} if there is none at all
   */
  public @Nullable EndpointState pick(List<EndpointState> tried) {
    Hosts now = hosts;
    if (now.all.isEmpty()) {
      return null;
    }
    EndpointState picked = now.balancer.pick();
    for (int i = 1; i < PICKS && tried.contains(picked); i++) {
      picked = now.balancer.pick();
    }
    return picked;
  }

  private record Hosts(
      Cluster cluster,
      List<EndpointState> all,
      Map<String, EndpointState> byAddress,
      Balancer balancer) {

    static Hosts of(Cluster cluster, Map<String, EndpointState> known) {
      Map<String, EndpointState> byAddress = new HashMap<>();
      List<EndpointState> all =
          cluster.endpoints().stream().map(endpoint -> keep(byAddress, known, endpoint)).toList();
      return new Hosts(
          cluster, all, byAddress, Balancer.of(cluster.settings().loadBalancing(), all));
    }

    private static EndpointState keep(
        Map<String, EndpointState> byAddress, Map<String, EndpointState> known, Endpoint endpoint) {
      String address = endpoint.hostPort();
      EndpointState state = known.get(address);
      if (state == null) {
        state = new EndpointState(endpoint);
      } else {
        state.update(endpoint);
      }
      byAddress.put(address, state);
      return state;
    }
  }
}
