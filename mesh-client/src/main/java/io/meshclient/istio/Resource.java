package io.meshclient.istio;

/** A document of the configuration: one Kubernetes or Istio object. */
public sealed interface Resource
    permits AuthorizationPolicy,
        Deployment,
        DestinationRule,
        Endpoints,
        EnvoyFilter,
        EndpointSlice,
        HttpRoute,
        MeshConfigMap,
        Namespace,
        Node,
        PeerAuthentication,
        Pod,
        RequestAuthentication,
        Service,
        ServiceEntry,
        Sidecar,
        Telemetry,
        VirtualService,
        WorkloadEntry,
        WorkloadGroup {

  ObjectMeta metadata();

  /** Where the document begins. */
  Location location();

  /** The {@code kind} it was written with; a StatefulSet and a DaemonSet read as Deployment. */
  default String kind() {
    return getClass().getSimpleName();
  }
}
