package io.meshclient.upstream;

import io.meshclient.policy.Cluster;
import io.meshclient.policy.Endpoint;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The endpoints of a cluster, and the choice among them. Safe from any thread; takes no lock. */
public final class ClusterState {

  /** How often a retry looks for an endpoint that was not tried before it takes what it got. */
  private static final int PICKS = 5;

  private final AtomicReference<Hosts> hosts = new AtomicReference<>();
  private final Ejections ejections;
  private final Pool pool;

  ClusterState(Cluster cluster, LongSupplier clock) {
    ejections = new Ejections(clock, this::healthChanged);
    pool = new Pool(cluster.settings().pool());
    hosts.set(Hosts.of(cluster, Map.of()));
    ejections.update(cluster.settings().ejection(), hosts().all);
  }

  void update(Cluster cluster) {
    if (!hosts().cluster.equals(cluster)) {
      Hosts now = hosts.updateAndGet(before -> Hosts.of(cluster, before.byAddress));
      ejections.update(cluster.settings().ejection(), now.all);
      pool.update(cluster.settings().pool());
    }
  }

  /** Endpoints were ejected, or have returned: the choice is another. */
  void healthChanged() {
    hosts.updateAndGet(now -> Hosts.of(now.cluster, now.byAddress));
  }

  private Hosts hosts() {
    return Objects.requireNonNull(hosts.get());
  }

  public List<EndpointState> endpoints() {
    ejections.sweep();
    return hosts().all;
  }

  /** How many endpoints are ejected. */
  public int ejected() {
    ejections.sweep();
    return ejections.ejected();
  }

  /** The connections to the endpoints, and who waits for one. */
  public Pool pool() {
    return pool;
  }

  /** A try was answered. */
  public void answered(EndpointState endpoint, int status) {
    ejections.answered(endpoint, status);
  }

  /**
   * A try ended without an answer, or within one.
   *
   * @param connected whether it had a connection
   * @param status what it stands for: 503, or 504 where time was up
   */
  public void failed(EndpointState endpoint, boolean connected, int status) {
    ejections.failed(endpoint, connected, status);
  }

  /** Whether the endpoint's connections carry many requests at once, as HTTP/2's do. */
  public void multiplexed(EndpointState endpoint, boolean many) {
    pool.multiplexed(endpoint, many);
  }

  /**
   * The endpoint for a try.
   *
   * @param tried endpoints to be avoided if possible
   * @return {@code null} if there is none at all
   */
  public @Nullable EndpointState pick(List<EndpointState> tried) {
    ejections.sweep();
    Hosts now = hosts();
    if (now.healthy.isEmpty()) {
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
      List<EndpointState> healthy,
      Map<String, EndpointState> byAddress,
      Balancer balancer) {

    static Hosts of(Cluster cluster, Map<String, EndpointState> known) {
      Map<String, EndpointState> byAddress = new HashMap<>();
      List<EndpointState> all =
          cluster.endpoints().stream().map(endpoint -> keep(byAddress, known, endpoint)).toList();
      List<EndpointState> healthy = all.stream().filter(e -> !e.isEjected()).toList();
      return new Hosts(
          cluster,
          all,
          healthy,
          byAddress,
          Balancer.of(cluster.settings().loadBalancing(), healthy));
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
