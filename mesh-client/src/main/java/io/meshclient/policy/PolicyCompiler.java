package io.meshclient.policy;

import io.meshclient.istio.Configuration;
import io.meshclient.istio.DestinationRule;
import io.meshclient.istio.Sidecar;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Turns a configuration into the policy of one workload, as Istio's control plane turns it into the
 * configuration of that workload's sidecar.
 */
public final class PolicyCompiler {

  /** Stands for every port: of services that are known by their endpoints, or by DNS, alone. */
  static final int ANY_PORT = 0;

  private final Configuration configuration;
  private final Workload workload;
  private final Problems problems = new Problems();

  private final boolean hasIdentity;

  private PolicyCompiler(Configuration configuration, Workload workload, boolean hasIdentity) {
    this.configuration = configuration;
    this.workload = workload;
    this.hasIdentity = hasIdentity;
  }

  /**
   * Compiles a configuration. Never fails: what is wrong becomes a problem of the policy.
   *
   * @param endpoints in short form; they stand in for all other endpoints of their services
   */
  public static MeshPolicy compile(
      Configuration configuration, Workload workload, List<StaticEndpoint> endpoints) {
    return compile(configuration, workload, endpoints, false);
  }

  /**
   * Like {@link #compile(Configuration, Workload, List)}.
   *
   * @param hasIdentity whether the workload has an identity of its own for ISTIO_MUTUAL
   */
  public static MeshPolicy compile(
      Configuration configuration,
      Workload workload,
      List<StaticEndpoint> endpoints,
      boolean hasIdentity) {
    Kubernetes kubernetes = new Kubernetes(configuration, workload.namespace());
    Workload placed = kubernetes.place(workload);
    ServiceRegistry registry = new ServiceRegistry(configuration, placed, kubernetes, endpoints);
    return new PolicyCompiler(configuration, placed, hasIdentity).compile(registry);
  }

  private MeshPolicy compile(ServiceRegistry registry) {
    List<VirtualServices.Seen> virtualServices =
        new VirtualServices(configuration, workload, problems).seen();
    if (registry.isOpen()) {
      assumeNamedHosts(registry, virtualServices);
    }
    Map<String, Cluster> clusters =
        new ClusterCompiler(
                registry,
                new DestinationRules(configuration, workload),
                new LoadBalancingCompiler(configuration.mesh().localityLbSetting(), problems),
                new LocalityPlacement(workload),
                new PoolCompiler(configuration.mesh(), problems),
                hasIdentity,
                problems)
            .compile();
    SidecarScope scope = new SidecarScope(configuration, workload);
    Destinations destinations = new Destinations(clusters, registry, workload, problems);
    RetryCompiler retries = new RetryCompiler(configuration.mesh().defaultHttpRetryPolicy());
    VirtualHosts hosts =
        new VirtualHosts(
            workload,
            registry,
            scope,
            virtualServices,
            new RouteCompiler(workload, destinations, retries),
            new HttpRoutes(configuration, workload, destinations, retries, problems),
            retries,
            clusters,
            problems);
    Map<Integer, RouteTable> tables = new HashMap<>();
    for (int port : ports(registry)) {
      tables.put(port, new RouteTable(hosts.compile(port)));
    }
    LocalRateLimits rateLimits =
        new LocalRateLimitCompiler(configuration, workload, problems).compile();
    return new MeshPolicy(tables, clusters, unknownHost(scope), rateLimits, workload, problems);
  }

  /** Port 80 is always there: rules for hosts outside the registry hold on it. */
  private static Set<Integer> ports(ServiceRegistry registry) {
    Set<Integer> ports = new TreeSet<>(List.of(ANY_PORT, 80));
    for (MeshService service : registry.all()) {
      for (MeshService.Port port : service.ports()) {
        ports.add(port.number());
      }
    }
    return ports;
  }

  /** Without a list of endpoints, services that rules name are taken to exist in DNS. */
  private void assumeNamedHosts(
      ServiceRegistry registry, List<VirtualServices.Seen> virtualServices) {
    String suffix = ".svc." + workload.domain();
    List<Named> named = new ArrayList<>();
    for (VirtualServices.Seen seen : virtualServices) {
      seen.hosts().forEach(host -> named.add(new Named(host, seen.source().location())));
      for (VirtualServices.Expanded rule : seen.rules()) {
        rule.rule()
            .route()
            .forEach(
                route ->
                    named.add(
                        new Named(
                            Names.resolve(
                                route.destination().host(), seen.namespace(), workload.domain()),
                            route.destination().location())));
      }
    }
    for (DestinationRule rule : configuration.all(DestinationRule.class)) {
      String namespace = rule.metadata().namespaceOr(workload.namespace());
      String host = Names.resolve(rule.spec().host(), namespace, workload.domain());
      named.add(new Named(host, rule.location()));
    }
    for (Named host : named) {
      if (host.name().endsWith(suffix) && !Names.isWildcard(host.name())) {
        String rest = host.name().substring(0, host.name().length() - suffix.length());
        registry.assume(host.name(), rest.substring(rest.indexOf('.') + 1), host.location());
      }
    }
  }

  private record Named(String name, io.meshclient.istio.Location location) {}

  private Route unknownHost(SidecarScope scope) {
    Sidecar.Mode mode = scope.outboundMode();
    if (mode == null && configuration.mesh().outboundTrafficPolicy() != null) {
      mode = configuration.mesh().outboundTrafficPolicy().mode();
    }
    RouteAction action =
        mode == Sidecar.Mode.REGISTRY_ONLY
            ? new RouteAction.Direct(502, "", List.of())
            : new RouteAction.Forward(
                List.of(
                    new WeightedCluster(
                        Cluster.PASSTHROUGH.name(),
                        Cluster.PASSTHROUGH,
                        1,
                        503,
                        List.of(),
                        List.of(),
                        null)),
                null,
                null,
                0,
                RetryPolicy.NONE);
    String name =
        mode == Sidecar.Mode.REGISTRY_ONLY
            ? "REGISTRY_ONLY: hosts that nothing knows are refused"
            : "ALLOW_ANY: hosts that nothing knows pass through";
    return new Route(Rule.implied(name), "", PathMatch.ANY, List.of(), action);
  }
}
