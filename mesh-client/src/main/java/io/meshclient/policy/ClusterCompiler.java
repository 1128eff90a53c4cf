package io.meshclient.policy;

import io.meshclient.istio.DestinationRule.Simple;
import io.meshclient.istio.DestinationRule.Subset;
import io.meshclient.istio.DestinationRule.TrafficPolicy;
import io.meshclient.istio.Location;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes the clusters: one for each port of each service, and one for each subset of it. */
final class ClusterCompiler {
  private final ServiceRegistry registry;
  private final DestinationRules rules;
  private final LoadBalancingCompiler balancing;
  private final LocalityPlacement localities;
  private final Problems problems;
  private final EjectionCompiler ejections;
  private final PoolCompiler pools;
  private final boolean hasIdentity;
  private final Map<String, Cluster> clusters = new LinkedHashMap<>();

  ClusterCompiler(
      ServiceRegistry registry,
      DestinationRules rules,
      LoadBalancingCompiler balancing,
      LocalityPlacement localities,
      PoolCompiler pools,
      boolean hasIdentity,
      Problems problems) {
    this.registry = registry;
    this.rules = rules;
    this.balancing = balancing;
    this.localities = localities;
    this.problems = problems;
    this.ejections = new EjectionCompiler(problems);
    this.pools = pools;
    this.hasIdentity = hasIdentity;
  }

  Map<String, Cluster> compile() {
    for (MeshService service : registry.all()) {
      DestinationRules.Merged rule = rules.find(service);
      if (service.takesAnyPort()) {
        add(service, PolicyCompiler.ANY_PORT, rule);
      }
      for (MeshService.Port port : service.ports()) {
        add(service, port.number(), rule);
      }
    }
    return clusters;
  }

  private void add(MeshService service, int port, DestinationRules.@Nullable Merged rule) {
    List<Endpoint> endpoints = service.endpointsOf(port);
    put(service, "", port, endpoints, rule, null);
    if (rule == null) {
      return;
    }
    for (Subset subset : rule.subsets().values()) {
      put(service, subset.name(), port, select(service, subset, endpoints), rule, subset);
    }
  }

  private List<Endpoint> select(MeshService service, Subset subset, List<Endpoint> endpoints) {
    if (service.discovery() != Cluster.Discovery.STATIC) {
      if (!subset.labels().isEmpty()) {
        problems.add(
            Problems.Code.SUBSET_BY_DNS,
            subset.location(),
            subset.location().path(),
            "\""
                + subset.name()
                + "\" cannot be told apart: "
                + service.host()
                + " is found by DNS, which knows no labels; its requests go to the whole service"
                + " (expected: EndpointSlices, or endpoints given as service/version=host:port)");
      }
      return endpoints;
    }
    List<Endpoint> selected =
        endpoints.stream()
            .filter(
                e ->
                    e.labels().entrySet().containsAll(subset.labels().entrySet())
                        || e.name().isEmpty() && subset.name().equals(e.labels().get("version")))
            .toList();
    if (selected.isEmpty() && !endpoints.isEmpty()) {
      problems.add(
          Problems.Code.EMPTY_SUBSET,
          subset.location(),
          subset.location().path(),
          "no endpoint of "
              + service.host()
              + " has the labels of subset \""
              + subset.name()
              + "\": "
              + subset.labels());
    }
    return selected;
  }

  private void put(
      MeshService service,
      String subset,
      int port,
      List<Endpoint> endpoints,
      DestinationRules.@Nullable Merged rule,
      @Nullable Subset definition) {
    TrafficPolicy policy =
        rule == null
            ? null
            : DestinationRules.effective(
                rule.policy(), definition == null ? null : definition.trafficPolicy(), port);
    if (policy != null && policy.tls() != null) {
      TlsChecks.check(policy.tls(), hasIdentity, problems);
    }
    String name = Cluster.nameOf(port, subset, service.host());
    Location settledBy =
        rule == null
            ? Location.NONE
            : definition == null ? rule.first().location() : definition.location();
    Cluster.Discovery discovery = discovery(service, policy);
    List<Endpoint> placed =
        discovery == Cluster.Discovery.ORIGINAL ? List.of() : place(service, endpoints, policy);
    clusters.put(
        name,
        new Cluster(
            name,
            service.host(),
            subset,
            port,
            discovery,
            placed,
            settings(
                service, port, policy, discovery == Cluster.Discovery.STATIC ? placed : List.of()),
            settledBy));
  }

  /** PASSTHROUGH leaves a request to the address it was meant for, unless endpoints are given. */
  private Cluster.Discovery discovery(MeshService service, @Nullable TrafficPolicy policy) {
    return policy != null
            && policy.loadBalancer() != null
            && policy.loadBalancer().simple() == Simple.PASSTHROUGH
            && !registry.isGiven(service.host())
        ? Cluster.Discovery.ORIGINAL
        : service.discovery();
  }

  private List<Endpoint> place(
      MeshService service, List<Endpoint> endpoints, @Nullable TrafficPolicy policy) {
    LoadBalancingCompiler.Locations locations = balancing.locations(policy, service.distribution());
    return localities.place(
        endpoints,
        locations.setting(),
        locations.fails(),
        service.discovery() == Cluster.Discovery.STATIC);
  }

  private ClusterSettings settings(
      MeshService service, int port, @Nullable TrafficPolicy policy, List<Endpoint> endpoints) {
    MeshService.Port known = service.port(port);
    return new ClusterSettings(
        balancing.compile(policy, service.distribution()),
        pools.connectTimeout(policy),
        policy,
        policy == null ? null : ejections.compile(policy.outlierDetection(), endpoints.size()),
        pools.compile(policy),
        pools.isHttp2(policy, known == null ? null : known.protocol()));
  }
}
