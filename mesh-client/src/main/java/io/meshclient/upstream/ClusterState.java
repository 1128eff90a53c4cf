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

  private final AtomicReference<Hosts> hosts = new AtomicReference<>();
  private final Ejections ejections;
  private final Pool pool;
  private final Sources sources;

  ClusterState(Cluster cluster, LongSupplier clock) {
    this(cluster, Sources.at(clock));
  }

  ClusterState(Cluster cluster, Sources sources) {
    this.sources = sources;
    ejections = new Ejections(sources.nanoTime(), this::healthChanged);
    pool = new Pool(cluster.settings().pool());
    hosts.set(Hosts.of(cluster, null, sources));
    ejections.update(cluster.settings().ejection(), hosts().all);
  }

  void update(Cluster cluster) {
    if (!hosts().cluster.equals(cluster)) {
      Hosts now = hosts.updateAndGet(before -> Hosts.of(cluster, before, sources));
      ejections.update(cluster.settings().ejection(), now.all);
      pool.update(cluster.settings().pool());
    }
  }

  /** Endpoints were ejected, or have returned: the choice is another. */
  void healthChanged() {
    hosts.updateAndGet(now -> Hosts.of(now.cluster, now, sources));
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
   * The endpoint for a try whose request gives nothing to hash.
   *
   * @param avoid endpoints to be avoided if possible
   * @return {@code null} if there is none at all
   */
  public @Nullable EndpointState pick(List<EndpointState> avoid) {
    return pick(avoid, List.of());
  }

  /**
   * The endpoint for a try whose request gives nothing to hash.
   *
   * @param avoid endpoints to be avoided if possible
   * @param leave endpoints whose priorities are to be left after every second try
   * @return {@code null} if there is none at all
   */
  public @Nullable EndpointState pick(List<EndpointState> avoid, List<EndpointState> leave) {
    return pick(sources.random().get().nextLong(), avoid, leave);
  }

  /**
   * The endpoint for a try.
   *
   * @param hash of what the request gives to hash
   * @param avoid endpoints to be avoided if possible
   * @param leave endpoints whose priorities are to be left after every second try
   * @return {@code null} if there is none at all
   */
  public @Nullable EndpointState pick(
      long hash, List<EndpointState> avoid, List<EndpointState> leave) {
    ejections.sweep();
    return hosts().choice.pick(hash, avoid, leave);
  }

  private record Hosts(
      Cluster cluster,
      List<EndpointState> all,
      Map<String, EndpointState> byAddress,
      Choice choice) {

    static Hosts of(Cluster cluster, @Nullable Hosts before, Sources sources) {
      Map<String, EndpointState> byAddress = new HashMap<>();
      List<EndpointState> all =
          cluster.endpoints().stream()
              .map(
                  endpoint ->
                      keep(byAddress, before, endpoint, cluster.settings().http2(), sources))
              .toList();
      Choice choice = Choice.of(cluster.settings().loadBalancing(), all, sources);
      return new Hosts(cluster, all, byAddress, choice);
    }

    private static EndpointState keep(
        Map<String, EndpointState> byAddress,
        @Nullable Hosts before,
        Endpoint endpoint,
        boolean http2,
        Sources sources) {
      String address = endpoint.hostPort();
      EndpointState known = before == null ? null : before.byAddress.get(address);
      EndpointState state =
          known != null
              ? known
              : before == null
                  ? new EndpointState(endpoint)
                  : new EndpointState(endpoint, sources.nanoTime().getAsLong());
      state.update(endpoint);
      if (known == null || before == null || before.cluster.settings().http2() != http2) {
        state.multiplexed(http2); // it is known before the first answer
      }
      byAddress.put(address, state);
      return state;
    }
  }
}
