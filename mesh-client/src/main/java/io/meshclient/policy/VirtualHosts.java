package io.meshclient.policy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes the virtual hosts of a port, in the order in which they claim host names. */
final class VirtualHosts {
  private final Workload workload;
  private final ServiceRegistry registry;
  private final SidecarScope scope;
  private final List<VirtualServices.Seen> virtualServices;
  private final RouteCompiler routes;
  private final HttpRoutes httpRoutes;
  private final RetryCompiler retries;
  private final Map<String, Cluster> clusters;
  private final Problems problems;

  VirtualHosts(
      Workload workload,
      ServiceRegistry registry,
      SidecarScope scope,
      List<VirtualServices.Seen> virtualServices,
      RouteCompiler routes,
      HttpRoutes httpRoutes,
      RetryCompiler retries,
      Map<String, Cluster> clusters,
      Problems problems) {
    this.workload = workload;
    this.registry = registry;
    this.scope = scope;
    this.virtualServices = virtualServices;
    this.routes = routes;
    this.httpRoutes = httpRoutes;
    this.retries = retries;
    this.clusters = clusters;
    this.problems = problems;
  }

  /** An HTTPRoute beats a VirtualService, and that the default route of a service. */
  List<VirtualHost> compile(int port) {
    Map<String, MeshService> all = onPort(port);
    Map<String, MeshService> open = new LinkedHashMap<>(all);
    List<VirtualHost> hosts = new ArrayList<>();
    for (MeshService service : all.values()) {
      List<Route> found = httpRoutes.compile(service, port);
      if (found != null) {
        hosts.add(virtualHost(service, port, found, List.of()));
        open.remove(service.host());
      }
    }
    for (VirtualServices.Seen seen : virtualServices) {
      addVirtualService(hosts, all, open, seen, port);
    }
    for (MeshService service : open.values()) {
      hosts.add(virtualHost(service, port, List.of(defaultRoute(service, port)), List.of()));
    }
    return hosts;
  }

  private Map<String, MeshService> onPort(int port) {
    Map<String, MeshService> found = new LinkedHashMap<>();
    for (MeshService service : registry.all()) {
      boolean has = service.takesAnyPort() || service.port(port) != null;
      if (has && scope.sees(service.namespace(), service.host(), port)) {
        found.put(service.host(), service);
      }
    }
    return found;
  }

  private void addVirtualService(
      List<VirtualHost> hosts,
      Map<String, MeshService> all,
      Map<String, MeshService> open,
      VirtualServices.Seen seen,
      int port) {
    List<MeshService> claimed = new ArrayList<>();
    List<String> unknown = new ArrayList<>();
    List<String> elsewhere = new ArrayList<>();
    for (String host : seen.hosts()) {
      if (!scope.sees(seen.namespace(), host, port)) {
        continue;
      }
      if (Names.isWildcard(host)) {
        boolean any = false;
        for (MeshService service : all.values()) {
          if (Names.takes(host, service.host())) {
            any = true;
            claim(claimed, open, service.host(), seen, host);
          }
        }
        if (!any) {
          unknown.add(host);
        }
      } else if (all.containsKey(host)) {
        claim(claimed, open, host, seen, host);
      } else {
        (registry.find(host) == null ? unknown : elsewhere).add(host);
      }
    }
    if (port != PolicyCompiler.ANY_PORT && !all.isEmpty()) {
      // To Istio a service without this port is no service here, where the rules hold at all.
      unknown.addAll(elsewhere);
    }
    boolean speaksOfOthers = !unknown.isEmpty() && (port == 80 || !claimed.isEmpty());
    if (claimed.isEmpty() && !speaksOfOthers) {
      return;
    }
    List<VirtualHost.Excluded> excluded = new ArrayList<>();
    // Services that are elsewhere lack this port, and so do the destinations that keep it: that is
    // how it has to be, not a fault of the rule.
    List<Route> compiled =
        claimed.isEmpty() && elsewhere.containsAll(unknown)
            ? problems.without(
                Problems.Code.UNKNOWN_DESTINATION,
                () -> routes.compile(seen.rules(), seen.namespace(), port, excluded))
            : routes.compile(seen.rules(), seen.namespace(), port, excluded);
    if (compiled.isEmpty()) {
      return;
    }
    for (MeshService service : claimed) {
      if (open.remove(service.host()) != null) {
        hosts.add(virtualHost(service, port, compiled, excluded));
      }
    }
    if (speaksOfOthers) {
      for (String host : unknown) {
        hosts.add(new VirtualHost(host + ":" + port, List.of(host), compiled, excluded));
      }
    }
  }

  /** A service is claimed by the oldest VirtualService that names it most closely. */
  private void claim(
      List<MeshService> claimed,
      Map<String, MeshService> open,
      String serviceHost,
      VirtualServices.Seen seen,
      String by) {
    VirtualServices.Seen owner = owner(serviceHost);
    MeshService service = open.get(serviceHost);
    if (owner != null && !owner.equals(seen)) {
      if (!Names.isWildcard(by)) {
        problems.add(
            Problems.Code.SHADOWED_RESOURCE,
            seen.source().location(),
            "hosts",
            "\""
                + serviceHost
                + "\" has an older VirtualService, "
                + owner.namespace()
                + "/"
                + owner.source().metadata().name()
                + " ("
                + owner.source().location().fileAndLine()
                + "), which alone holds");
      }
    } else if (service != null && !claimed.contains(service)) {
      claimed.add(service);
    }
  }

  private VirtualServices.@Nullable Seen owner(String serviceHost) {
    VirtualServices.Seen best = null;
    int length = -1;
    for (VirtualServices.Seen seen : virtualServices) {
      for (String host : seen.hosts()) {
        if (host.equals(serviceHost)) {
          return seen;
        }
        if (Names.isWildcard(host) && Names.takes(host, serviceHost) && host.length() > length) {
          best = seen;
          length = host.length();
        }
      }
    }
    return best;
  }

  private Route defaultRoute(MeshService service, int port) {
    int own = service.takesAnyPort() ? PolicyCompiler.ANY_PORT : port;
    String name = Cluster.nameOf(own, null, service.host());
    WeightedCluster cluster =
        new WeightedCluster(name, clusters.get(name), 1, 503, List.of(), List.of(), null);
    return new Route(
        Rule.implied("default route of " + service.host()),
        "",
        PathMatch.ANY,
        List.of(),
        new RouteAction.Forward(List.of(cluster), null, null, 0, retries.byDefault()));
  }

  private VirtualHost virtualHost(
      MeshService service, int port, List<Route> compiled, List<VirtualHost.Excluded> excluded) {
    List<String> domains = new ArrayList<>(domains(service.host()));
    for (String address : service.addresses()) {
      if (address.indexOf('/') < 0) {
        domains.add(address);
      }
    }
    String shownPort = port == PolicyCompiler.ANY_PORT ? "*" : Integer.toString(port);
    return new VirtualHost(service.host() + ":" + shownPort, domains, compiled, excluded);
  }

  /** A host's name and the shorter ones that DNS resolves to it in the caller's namespace. */
  private List<String> domains(String host) {
    Set<String> seen = new HashSet<>();
    List<String> domains = new ArrayList<>();
    String suffix = ".svc." + workload.domain();
    domains.add(host);
    if (!Names.isWildcard(host)) {
      domains.add(host + ".");
    }
    if (host.endsWith(suffix)) {
      String base = host.substring(0, host.length() - suffix.length());
      int dot = base.indexOf('.');
      if (dot > 0 && base.substring(dot + 1).equals(workload.namespace())) {
        domains.add(base.substring(0, dot));
      }
      domains.add(base + ".svc");
      domains.add(base);
    }
    domains.removeIf(domain -> !seen.add(domain));
    return domains;
  }
}
