package io.meshclient.policy;

import io.meshclient.istio.Configuration;
import io.meshclient.istio.Location;
import io.meshclient.istio.Service;
import io.meshclient.istio.ServiceEntry;
import io.meshclient.istio.WorkloadEntry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The services that a workload can see, by full host name. */
final class ServiceRegistry {
  private static final String EXPORT_ANNOTATION = "networking.istio.io/exportTo";

  private final Configuration configuration;
  private final Workload workload;
  private final Kubernetes kubernetes;
  private final Map<String, List<Endpoint>> given;
  private final Map<String, MeshService> services = new LinkedHashMap<>();

  ServiceRegistry(
      Configuration configuration,
      Workload workload,
      Kubernetes kubernetes,
      List<StaticEndpoint> endpoints) {
    this.configuration = configuration;
    this.workload = workload;
    this.kubernetes = kubernetes;
    this.given = given(endpoints);
    for (Service service : configuration.all(Service.class)) {
      add(kubernetesService(service));
    }
    for (ServiceEntry entry : configuration.all(ServiceEntry.class)) {
      for (String host : entry.spec().hosts()) {
        add(entryService(entry, Names.lower(host)));
      }
    }
    given.forEach((host, list) -> services.computeIfAbsent(host, h -> givenService(h, list)));
  }

  Collection<MeshService> all() {
    return services.values();
  }

  @Nullable MeshService find(String host) {
    return services.get(host);
  }

  /** Whether a service's endpoints were given in short form. */
  boolean isGiven(String host) {
    return given.containsKey(host);
  }

  /**
   * Whether DNS stands in for the registry: nothing lists endpoints, so a host that rules speak of
   * may exist without being described.
   */
  boolean isOpen() {
    return !kubernetes.listsEndpoints();
  }

  /** Makes a host that only rules name a service found by DNS, taking requests on any port. */
  void assume(String host, String namespace, Location location) {
    if (!services.containsKey(host)) {
      services.put(
          host,
          new MeshService(
              host,
              namespace,
              List.of(),
              List.of(),
              List.of(),
              Cluster.Discovery.DNS,
              Map.of(PolicyCompiler.ANY_PORT, List.of(dnsEndpoint(host, 0))),
              TrafficDistribution.ANY,
              location));
    }
  }

  /** One host may be described in several namespaces: the caller's own wins, then the first. */
  private void add(MeshService service) {
    if (!Exports.visible(
        service.exportTo(),
        configuration.mesh().defaultServiceExportTo(),
        service.namespace(),
        workload.namespace())) {
      return;
    }
    MeshService known = services.get(service.host());
    if (known == null
        || !known.namespace().equals(workload.namespace())
            && service.namespace().equals(workload.namespace())) {
      services.put(service.host(), service);
    }
  }

  private MeshService kubernetesService(Service service) {
    String namespace = service.metadata().namespaceOr(workload.namespace());
    String host = service.metadata().name() + "." + namespace + ".svc." + workload.domain();
    List<MeshService.Port> ports = new ArrayList<>();
    Map<Integer, List<Endpoint>> endpoints = new HashMap<>();
    boolean dns = false;
    for (Service.Port port : service.spec().ports()) {
      if ("UDP".equals(port.protocol()) || "SCTP".equals(port.protocol())) {
        continue;
      }
      ports.add(
          new MeshService.Port(
              port.port(), port.name(), PortProtocol.of(port.appProtocol(), port.name())));
      List<Endpoint> found = given.get(host);
      if (found == null) {
        found = new ArrayList<>(kubernetes.endpoints(service, port));
        addWorkloadEntries(found, namespace, service.spec().selector(), port);
      }
      if (found.isEmpty() && (!kubernetes.listsEndpoints() || isExternalName(service))) {
        dns = true;
        found = List.of(dnsEndpoint(externalName(service, host), port.port()));
      }
      endpoints.put(port.port(), found);
    }
    return new MeshService(
        host,
        namespace,
        ports,
        clusterIps(service),
        exportTo(service),
        dns ? Cluster.Discovery.DNS : Cluster.Discovery.STATIC,
        endpoints,
        TrafficDistribution.of(
            service.spec().trafficDistribution(), service.metadata().annotations()),
        service.location());
  }

  private void addWorkloadEntries(
      List<Endpoint> found, String namespace, Map<String, String> selector, Service.Port port) {
    if (selector.isEmpty()) {
      return;
    }
    for (WorkloadEntry entry : configuration.all(WorkloadEntry.class)) {
      if (entry.metadata().namespaceOr(workload.namespace()).equals(namespace)
          && labels(entry).entrySet().containsAll(selector.entrySet())) {
        int target = Kubernetes.targetPort(port, null);
        addEntry(
            found,
            namespace,
            entry.spec(),
            labels(entry),
            port.name(),
            target,
            entry.metadata().name());
      }
    }
  }

  private MeshService entryService(ServiceEntry entry, String host) {
    String namespace = entry.metadata().namespaceOr(workload.namespace());
    ServiceEntry.Spec spec = entry.spec();
    ServiceEntry.Resolution resolution =
        spec.resolution() == null ? ServiceEntry.Resolution.NONE : spec.resolution();
    List<MeshService.Port> ports = new ArrayList<>();
    Map<Integer, List<Endpoint>> endpoints = new HashMap<>();
    for (ServiceEntry.Port port : spec.ports()) {
      ports.add(
          new MeshService.Port(port.number(), port.name(), PortProtocol.of(port.protocol(), null)));
      endpoints.put(port.number(), entryEndpoints(entry, namespace, host, resolution, port));
    }
    Cluster.Discovery discovery =
        switch (resolution) {
          case STATIC -> Cluster.Discovery.STATIC;
          case DNS, DNS_ROUND_ROBIN, DYNAMIC_DNS -> Cluster.Discovery.DNS;
          case NONE ->
              given.containsKey(host) ? Cluster.Discovery.STATIC : Cluster.Discovery.ORIGINAL;
        };
    return new MeshService(
        host,
        namespace,
        ports,
        spec.addresses(),
        spec.exportTo(),
        Names.isWildcard(host) && resolution == ServiceEntry.Resolution.DNS
            ? Cluster.Discovery.ORIGINAL
            : discovery,
        endpoints,
        TrafficDistribution.of(null, entry.metadata().annotations()),
        entry.location());
  }

  private List<Endpoint> entryEndpoints(
      ServiceEntry entry,
      String namespace,
      String host,
      ServiceEntry.Resolution resolution,
      ServiceEntry.Port port) {
    List<Endpoint> known = given.get(host);
    if (known != null) {
      return known;
    }
    List<Endpoint> found = new ArrayList<>();
    int target = port.targetPort() == null ? port.number() : port.targetPort();
    for (WorkloadEntry.Spec spec : entry.spec().endpoints()) {
      addEntry(found, namespace, spec, spec.labels(), port.name(), target, "");
    }
    if (entry.spec().workloadSelector() != null) {
      for (WorkloadEntry candidate : configuration.all(WorkloadEntry.class)) {
        if (candidate.metadata().namespaceOr(workload.namespace()).equals(namespace)
            && entry.spec().workloadSelector().selects(labels(candidate))) {
          addEntry(
              found,
              namespace,
              candidate.spec(),
              labels(candidate),
              port.name(),
              target,
              candidate.metadata().name());
        }
      }
    }
    if (found.isEmpty()
        && resolution != ServiceEntry.Resolution.STATIC
        && resolution != ServiceEntry.Resolution.NONE
        && !Names.isWildcard(host)) {
      found.add(dnsEndpoint(host, target));
    }
    return found;
  }

  private static Map<String, String> labels(WorkloadEntry entry) {
    Map<String, String> labels = new HashMap<>(entry.metadata().labels());
    labels.putAll(entry.spec().labels());
    return labels;
  }

  private static void addEntry(
      List<Endpoint> found,
      String namespace,
      WorkloadEntry.Spec spec,
      Map<String, String> labels,
      @Nullable String portName,
      int target,
      String name) {
    String address = spec.address();
    if (address == null || address.startsWith("unix://")) {
      return;
    }
    Integer mapped = portName == null ? null : spec.ports().get(portName);
    found.add(
        new Endpoint(
            address,
            mapped == null ? target : mapped,
            labels,
            spec.locality() == null ? Locality.UNKNOWN : Locality.parse(spec.locality()),
            spec.weight() == null ? 1 : Math.max(1, spec.weight()),
            spec.serviceAccount() == null ? "" : namespace + "/" + spec.serviceAccount(),
            name));
  }

  private Map<String, List<Endpoint>> given(List<StaticEndpoint> endpoints) {
    Map<String, List<Endpoint>> byHost = new LinkedHashMap<>();
    for (StaticEndpoint endpoint : endpoints) {
      String host = fullName(endpoint.service());
      Map<String, String> labels = new HashMap<>();
      labels.put("app", host.substring(0, Math.max(0, host.indexOf('.'))));
      labels.putAll(endpoint.labels());
      byHost
          .computeIfAbsent(host, h -> new ArrayList<>())
          .add(
              new Endpoint(
                  endpoint.address(), endpoint.port(), labels, Locality.UNKNOWN, 1, "", ""));
    }
    return byHost;
  }

  /** {@code name}, {@code name.namespace} and {@code name.namespace.svc} are taken as services. */
  private String fullName(String service) {
    String name = Names.lower(service);
    String[] parts = name.split("\\.", -1);
    if (parts.length == 2) {
      return name + ".svc." + workload.domain();
    }
    return parts.length == 3 && parts[2].equals("svc")
        ? name + "." + workload.domain()
        : Names.resolve(name, workload.namespace(), workload.domain());
  }

  private MeshService givenService(String host, List<Endpoint> endpoints) {
    return new MeshService(
        host,
        workload.namespace(),
        List.of(),
        List.of(),
        List.of(),
        Cluster.Discovery.STATIC,
        Map.of(PolicyCompiler.ANY_PORT, endpoints),
        TrafficDistribution.ANY,
        Location.NONE);
  }

  /** Services of the caller's own namespace by their short name, which resolves in more places. */
  private Endpoint dnsEndpoint(String host, int port) {
    String own = "." + workload.namespace() + ".svc." + workload.domain();
    String name = host.endsWith(own) ? host.substring(0, host.length() - own.length()) : host;
    return new Endpoint(name, port, Map.of(), Locality.UNKNOWN, 1, "", "");
  }

  private static boolean isExternalName(Service service) {
    return "ExternalName".equals(service.spec().type());
  }

  private static String externalName(Service service, String host) {
    String external = service.spec().externalName();
    return isExternalName(service) && external != null ? external : host;
  }

  private static List<String> clusterIps(Service service) {
    String ip = service.spec().clusterIP();
    return ip == null || ip.isEmpty() || ip.equals("None") ? List.of() : List.of(ip);
  }

  private static List<String> exportTo(Service service) {
    String annotation = service.metadata().annotations().get(EXPORT_ANNOTATION);
    return annotation == null || annotation.isBlank() ? List.of() : Lists.split(annotation, ',');
  }
}
