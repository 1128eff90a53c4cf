package io.meshclient.upstream;

import io.meshclient.policy.Cluster;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** The state of all clusters, by name. Safe from any thread. */
public final class Upstreams {
  private final ConcurrentHashMap<String, ClusterState> states = new ConcurrentHashMap<>();
  private final LongSupplier clock;

  /**
   * @param clock nanoseconds from an arbitrary start
   */
  public Upstreams(LongSupplier clock) {
    this.clock = clock;
  }

  /** Brings the state in line with a new policy's clusters; what stays keeps its state. */
  public void apply(Collection<Cluster> clusters) {
    Set<String> names = new HashSet<>();
    for (Cluster cluster : clusters) {
      names.add(cluster.name());
      states
          .computeIfAbsent(cluster.name(), name -> new ClusterState(cluster, clock))
          .update(cluster);
    }
    states.keySet().retainAll(names);
  }

  /**
   * The state of a cluster; one that a newer policy has dropped is served as long as it is asked
   * for.
   */
  public ClusterState of(Cluster cluster) {
    ClusterState state = states.get(cluster.name());
    return state != null ? state : new ClusterState(cluster, clock);
  }

  /** How many clusters have state: those of the policy in force. */
  public int size() {
    return states.size();
  }
}
