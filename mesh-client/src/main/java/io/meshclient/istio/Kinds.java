package io.meshclient.istio;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The kinds that are read, with their group and served versions, and those that are known. */
final class Kinds {
  private static final Set<String> NETWORKING = Set.of("v1", "v1beta1", "v1alpha3");
  private static final Set<String> SECURITY = Set.of("v1", "v1beta1");
  private static final Set<String> V1 = Set.of("v1");

  /**
   * @param group empty for the core group
   */
  record Kind(String name, String group, Set<String> versions, Class<? extends Record> type) {

    String apiVersion() {
      String version = versions.contains("v1") ? "v1" : versions.iterator().next();
      return group.isEmpty() ? version : group + "/" + version;
    }
  }

  private static final List<Kind> READ =
      List.of(
          new Kind("VirtualService", "networking.istio.io", NETWORKING, VirtualService.class),
          new Kind("DestinationRule", "networking.istio.io", NETWORKING, DestinationRule.class),
          new Kind("ServiceEntry", "networking.istio.io", NETWORKING, ServiceEntry.class),
          new Kind("WorkloadEntry", "networking.istio.io", NETWORKING, WorkloadEntry.class),
          new Kind("WorkloadGroup", "networking.istio.io", NETWORKING, WorkloadGroup.class),
          new Kind("Sidecar", "networking.istio.io", NETWORKING, Sidecar.class),
          new Kind("EnvoyFilter", "networking.istio.io", Set.of("v1alpha3"), EnvoyFilter.class),
          new Kind("AuthorizationPolicy", "security.istio.io", SECURITY, AuthorizationPolicy.class),
          new Kind("PeerAuthentication", "security.istio.io", SECURITY, PeerAuthentication.class),
          new Kind(
              "RequestAuthentication", "security.istio.io", SECURITY, RequestAuthentication.class),
          new Kind("Telemetry", "telemetry.istio.io", Set.of("v1", "v1alpha1"), Telemetry.class),
          new Kind("HTTPRoute", "gateway.networking.k8s.io", SECURITY, HttpRoute.class),
          new Kind("Service", "", V1, Service.class),
          new Kind("Endpoints", "", V1, Endpoints.class),
          new Kind("Pod", "", V1, Pod.class),
          new Kind("Node", "", V1, Node.class),
          new Kind("Namespace", "", V1, Namespace.class),
          new Kind("ConfigMap", "", V1, MeshConfigMap.class),
          new Kind("EndpointSlice", "discovery.k8s.io", V1, EndpointSlice.class),
          new Kind("Deployment", "apps", V1, Deployment.class),
          new Kind("StatefulSet", "apps", V1, Deployment.class),
          new Kind("DaemonSet", "apps", V1, Deployment.class));

  /** Kinds of the same groups, and those that look like ours: passed over. */
  private static final Set<String> PASSED_OVER =
      Set.of(
          "Gateway",
          "ProxyConfig",
          "GatewayClass",
          "GRPCRoute",
          "TLSRoute",
          "TCPRoute",
          "UDPRoute",
          "ReferenceGrant",
          "BackendTLSPolicy",
          "PodTemplate",
          "ServiceAccount",
          "ReplicaSet",
          "ControllerRevision");

  private Kinds() {}

  static @Nullable Kind find(String group, String name) {
    for (Kind kind : READ) {
      if (kind.name().equals(name) && kind.group().equals(group)) {
        return kind;
      }
    }
    return null;
  }

  /**
   * The kind that a document was probably meant to be of; {@code null} where it is one that other
   * programs read.
   */
  static @Nullable Kind meant(String group, String name) {
    if (PASSED_OVER.contains(name)) {
      return null;
    }
    List<String> groups = READ.stream().map(Kind::group).distinct().toList();
    if (groups.contains(group)) {
      return meantIn(group, name);
    }
    String near = group.isEmpty() ? null : Near.to(group, groups);
    return near == null || near.isEmpty() ? null : meantIn(near, name);
  }

  private static @Nullable Kind meantIn(String group, String name) {
    List<String> names = new ArrayList<>();
    for (Kind kind : READ) {
      if (kind.name().equals(name)) {
        return kind;
      }
      if (kind.group().equals(group)) {
        names.add(kind.name());
      }
    }
    String near = Near.to(name, names);
    return near == null ? null : find(group, near);
  }
}
