package io.meshclient.policy;

import io.meshclient.istio.Problem;
import io.meshclient.istio.Resource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** All that one workload's requests obey. Immutable; made by {@link PolicyCompiler}. */
public final class MeshPolicy {
  private final Map<Integer, RouteTable> tables;
  private final Map<String, Cluster> clusters;
  private final Route unknownHost;
  private final LocalRateLimits rateLimits;
  private final Workload workload;
  private final List<Problem> problems;
  private final List<Resource> refused;

  MeshPolicy(
      Map<Integer, RouteTable> tables,
      Map<String, Cluster> clusters,
      Route unknownHost,
      LocalRateLimits rateLimits,
      Workload workload,
      Problems problems) {
    this.tables = Map.copyOf(tables);
    this.clusters = clusters;
    this.unknownHost = unknownHost;
    this.rateLimits = rateLimits;
    this.workload = workload;
    this.problems = problems.list();
    this.refused = problems.refused();
  }

  /** The virtual host of a request; {@code null} where no rule and no registry knows its host. */
  public @Nullable VirtualHost virtualHost(RequestView request) {
    RouteTable ofPort = tables.get(request.port());
    VirtualHost found = ofPort == null ? null : ofPort.find(request.host());
    RouteTable ofAnyPort = tables.get(PolicyCompiler.ANY_PORT);
    return found != null || ofAnyPort == null ? found : ofAnyPort.find(request.host());
  }

  /** The ports that virtual hosts are known on, in ascending order; 0 stands for any port. */
  public SortedSet<Integer> ports() {
    return new TreeSet<>(tables.keySet());
  }

  /**
   * The virtual hosts of one port, in the order in which they claim names; 0 for those of any port.
   */
  public List<VirtualHost> virtualHosts(int port) {
    RouteTable table = tables.get(port);
    return table == null ? List.of() : table.hosts();
  }

  /** What becomes of requests to hosts that nothing knows: passed on, or answered 502. */
  public Route unknownHost() {
    return unknownHost;
  }

  /** By Istio's name, such as {@code outbound|8080|v1|host}. */
  public @Nullable Cluster cluster(String name) {
    return clusters.get(name);
  }

  public Collection<Cluster> clusters() {
    return clusters.values();
  }

  /** The local rate limits of inbound requests. */
  public LocalRateLimits rateLimits() {
    return rateLimits;
  }

  /** The workload it was compiled for, its locality worked out. */
  public Workload workload() {
    return workload;
  }

  /** What the compiler found wrong; what the reader found is not among them. */
  public List<Problem> problems() {
    return problems;
  }

  /** The resources that are left out for errors that only the compiler finds. */
  public List<Resource> refused() {
    return refused;
  }
}
