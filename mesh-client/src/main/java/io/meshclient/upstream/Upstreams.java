package io.meshclient.upstream;

import io.meshclient.policy.Cluster;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The state of all clusters, by name. Safe from any thread. */
public final class Upstreams {
  private final ConcurrentHashMap<String, ClusterState> states = new ConcurrentHashMap<>();

  /** Brings the state in line with a new policy's clusters; what stays keeps its state. */
  public void apply(Collection<Cluster> clusters) {
    Set<String> names = new HashSet<>();
    for (Cluster cluster : clusters) {
      names.add(cluster.name());
      states.computeIfAbsent(cluster.name(), name -> new ClusterState(cluster)).update(cluster);
    }
    states.keySet().retainAll(names);
  }

  /**
   * The state of a cluster; one that a newer policy has dropped is served as long as it is asked
   * for.
   */
  public ClusterState of(Cluster cluster) {
    ClusterState state = states.get(cluster.name());
    return state != null ? state : new ClusterState(cluster);
  }
}
