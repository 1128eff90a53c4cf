package io.meshclient.policy;

import io.meshclient.istio.Configuration;
import io.meshclient.istio.EndpointSlice;
import io.meshclient.istio.Endpoints;
import io.meshclient.istio.IntOrString;
import io.meshclient.istio.Node;
import io.meshclient.istio.Pod;
import io.meshclient.istio.Service;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the configuration knows of the cluster's pods and nodes. */
final class Kubernetes {
  static final String REGION = "topology.kubernetes.io/region";
  static final String ZONE = "topology.kubernetes.io/zone";
  static final String SUBZONE = "topology.istio.io/subzone";
  static final String HOST_NAME = "kubernetes.io/hostname";
  static final String SERVICE_NAME = "kubernetes.io/service-name";

  private final Configuration configuration;
  private final String namespace;
  private final Map<String, Pod> podsByName = new HashMap<>();
  private final Map<String, Pod> podsByAddress = new HashMap<>();
  private final Map<String, Locality> nodes = new HashMap<>();

  /**
   * @param namespace that of resources that name none
   */
  Kubernetes(Configuration configuration, String namespace) {
    this.configuration = configuration;
    this.namespace = namespace;
    for (Pod pod : configuration.all(Pod.class)) {
      podsByName.put(pod.metadata().namespaceOr(namespace) + "/" + pod.metadata().name(), pod);
      if (pod.status() != null && pod.status().podIP() != null) {
        podsByAddress.put(pod.status().podIP(), pod);
      }
    }
    for (Node node : configuration.all(Node.class)) {
      Map<String, String> labels = node.metadata().labels();
      nodes.put(
          node.metadata().name(),
          new Locality(
              labels.getOrDefault(REGION, ""),
              labels.getOrDefault(ZONE, ""),
              labels.getOrDefault(SUBZONE, "")));
    }
  }

  /** Whether the configuration lists endpoints, so that a service without any has none. */
  boolean listsEndpoints() {
    return !configuration.all(EndpointSlice.class).isEmpty()
        || !configuration.all(Endpoints.class).isEmpty()
        || !podsByName.isEmpty();
  }

  /** The workload in its place: by the Pod of its namespace whose labels it carries. */
  Workload place(Workload workload) {
    String node = nodeOf(workload.namespace(), workload.labels());
    return new Workload(
        workload.namespace(),
        labels(workload.labels(), node),
        workload.locality() == null ? locality(node, null) : workload.locality(),
        workload.domain());
  }

  /** As Istio does, the node's name becomes a label, unless there is one of that name. */
  private static Map<String, String> labels(Map<String, String> own, @Nullable String node) {
    if (node == null || own.containsKey(HOST_NAME)) {
      return own;
    }
    Map<String, String> all = new HashMap<>(own);
    all.put(HOST_NAME, node);
    return all;
  }

  private @Nullable String nodeOf(String workloadNamespace, Map<String, String> labels) {
    for (Pod pod : configuration.all(Pod.class)) {
      Map<String, String> podLabels = pod.metadata().labels();
      if (pod.metadata().namespaceOr(namespace).equals(workloadNamespace)
          && !podLabels.isEmpty()
          && labels.entrySet().containsAll(podLabels.entrySet())
          && pod.spec() != null) {
        return pod.spec().nodeName();
      }
    }
    return null;
  }

  /** The endpoints of one port of a Service. */
  List<Endpoint> endpoints(Service service, Service.Port port) {
    String owner = service.metadata().namespaceOr(namespace);
    String name = service.metadata().name();
    List<Endpoint> found = new ArrayList<>();
    boolean listed = false;
    for (EndpointSlice slice : configuration.all(EndpointSlice.class)) {
      if (slice.metadata().namespaceOr(namespace).equals(owner)
          && name.equals(slice.metadata().labels().get(SERVICE_NAME))) {
        listed = true;
        addSlice(found, slice, port, owner);
      }
    }
    for (Endpoints endpoints : configuration.all(Endpoints.class)) {
      if (!listed
          && endpoints.metadata().namespaceOr(namespace).equals(owner)
          && endpoints.metadata().name().equals(name)) {
        listed = true;
        addEndpoints(found, endpoints, port, owner);
      }
    }
    return listed ? found : selected(service, port, owner);
  }

  private void addSlice(
      List<Endpoint> found, EndpointSlice slice, Service.Port port, String owner) {
    Integer number = portNumber(slice.ports(), port);
    if (number == null) {
      return;
    }
    for (EndpointSlice.Endpoint endpoint : slice.endpoints()) {
      if (endpoint.isReady()) {
        String address = endpoint.addresses().get(0);
        Pod pod = pod(endpoint.targetRef(), owner, address);
        found.add(endpoint(address, number, pod, endpoint.nodeName(), endpoint.zone()));
      }
    }
  }

  private void addEndpoints(
      List<Endpoint> found, Endpoints endpoints, Service.Port port, String owner) {
    for (Endpoints.Subset subset : endpoints.subsets()) {
      Integer number = portNumber(subset.ports(), port);
      if (number == null) {
        continue;
      }
      for (Endpoints.Address address : subset.addresses()) {
        Pod pod = pod(address.targetRef(), owner, address.ip());
        found.add(endpoint(address.ip(), number, pod, address.nodeName(), null));
      }
    }
  }

  /** Without any list: the ready pods that the Service selects. */
  private List<Endpoint> selected(Service service, Service.Port port, String owner) {
    Map<String, String> selector = service.spec().selector();
    List<Endpoint> found = new ArrayList<>();
    if (selector.isEmpty()) {
      return found;
    }
    for (Pod pod : configuration.all(Pod.class)) {
      if (pod.metadata().namespaceOr(namespace).equals(owner)
          && pod.isReady()
          && pod.metadata().labels().entrySet().containsAll(selector.entrySet())
          && pod.status() != null
          && pod.status().podIP() != null) {
        String node = pod.spec() == null ? null : pod.spec().nodeName();
        found.add(endpoint(pod.status().podIP(), targetPort(port, pod), pod, node, null));
      }
    }
    return found;
  }

  private Endpoint endpoint(
      String address, int port, @Nullable Pod pod, @Nullable String node, @Nullable String zone) {
    String onNode =
        node == null && pod != null && pod.spec() != null ? pod.spec().nodeName() : node;
    return new Endpoint(
        address,
        port,
        labels(pod == null ? Map.of() : pod.metadata().labels(), onNode),
        locality(onNode, zone),
        1,
        pod == null ? "" : serviceAccount(pod),
        pod == null ? "" : pod.metadata().name());
  }

  /** A Pod that names none is admitted with its namespace's {@code default}. */
  private String serviceAccount(Pod pod) {
    String named = pod.spec() == null ? null : pod.spec().serviceAccountName();
    return pod.metadata().namespaceOr(namespace)
        + "/"
        + (named == null || named.isEmpty() ? "default" : named);
  }

  private @Nullable Pod pod(EndpointSlice.@Nullable TargetRef ref, String owner, String address) {
    if (ref != null && ref.name() != null) {
      String in = ref.namespace() == null ? owner : ref.namespace();
      Pod pod = podsByName.get(in + "/" + ref.name());
      if (pod != null) {
        return pod;
      }
    }
    return podsByAddress.get(address);
  }

  private Locality locality(@Nullable String node, @Nullable String zone) {
    Locality found = node == null ? null : nodes.get(node);
    if (found != null) {
      return found;
    }
    return zone == null ? Locality.UNKNOWN : new Locality("", zone, "");
  }

  private static @Nullable Integer portNumber(List<EndpointSlice.Port> ports, Service.Port wanted) {
    String name = wanted.name() == null ? "" : wanted.name();
    for (EndpointSlice.Port port : ports) {
      if (name.equals(port.name() == null ? "" : port.name())
          || ports.size() == 1 && port.name() == null) {
        return port.port();
      }
    }
    return null;
  }

  static int targetPort(Service.Port port, @Nullable Pod pod) {
    IntOrString target = port.targetPort();
    if (target != null && target.number() != null) {
      return target.number();
    }
    if (target != null && target.name() != null && pod != null && pod.spec() != null) {
      for (Pod.Container container : pod.spec().containers()) {
        for (Pod.ContainerPort containerPort : container.ports()) {
          if (target.name().equals(containerPort.name()) && containerPort.containerPort() != null) {
            return containerPort.containerPort();
          }
        }
      }
    }
    return port.port();
  }
}
