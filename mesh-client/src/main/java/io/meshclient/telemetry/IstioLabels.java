package io.meshclient.telemetry;

import io.opentelemetry.api.common.Attributes;
import org.jspecify.annotations.Nullable;

/**
 * The labels of <a href="https://istio.io/latest/docs/reference/config/metrics/">Istio's
 * metrics</a>.
 *
 * @param grpcStatus {@code null} for requests that are not gRPC's
 */
record IstioLabels(
    boolean client,
    Peer source,
    Peer destination,
    String service,
    String cluster,
    String protocol,
    int status,
    @Nullable String grpcStatus,
    String flags,
    String security) {

  /** Istio's own name of a cluster that nobody has given one. */
  private static final String CLUSTER_ID = "Kubernetes";

  static IstioLabels of(RequestFacts facts) {
    String type = facts.requestHeader("content-type");
    boolean grpc = type != null && type.startsWith("application/grpc");
    return new IstioLabels(
        facts.isClient(),
        facts.source(),
        facts.destination(),
        facts.service(),
        facts.cluster().startsWith("outbound|") ? "" : facts.cluster(),
        grpc ? "grpc" : "http",
        facts.status(),
        grpc ? facts.responseHeader("grpc-status") : null,
        facts.flags().isEmpty() ? "-" : facts.flags(),
        facts.connectionSecurity());
  }

  Attributes attributes() {
    return Attributes.builder()
        .put("reporter", client ? "source" : "destination")
        .put("source_workload", source.workload())
        .put("source_workload_namespace", source.namespace())
        .put("source_principal", source.principal())
        .put("source_app", source.app())
        .put("source_version", source.version())
        .put("source_canonical_service", source.app())
        .put("source_canonical_revision", revision(source))
        .put("source_cluster", CLUSTER_ID)
        .put("destination_workload", destination.workload())
        .put("destination_workload_namespace", destination.namespace())
        .put("destination_principal", destination.principal())
        .put("destination_app", destination.app())
        .put("destination_version", destination.version())
        .put("destination_canonical_service", destination.app())
        .put("destination_canonical_revision", revision(destination))
        .put("destination_cluster", CLUSTER_ID)
        .put("destination_service", service.isEmpty() ? Peer.UNKNOWN : service)
        .put("destination_service_name", name())
        .put("destination_service_namespace", namespace())
        .put("request_protocol", protocol)
        .put("response_code", Integer.toString(status))
        .put("grpc_response_status", grpcStatus == null ? "" : grpcStatus)
        .put("response_flags", flags)
        .put("connection_security_policy", security)
        .build();
  }

  private static String revision(Peer peer) {
    return peer.version().equals(Peer.UNKNOWN) ? "latest" : peer.version();
  }

  /**
   * The first part of the full host name; of what no service knows, Istio's name of the way out.
   */
  private String name() {
    if (service.isEmpty()) {
      return cluster.isEmpty() ? Peer.UNKNOWN : cluster;
    }
    return isOfCluster() ? service.substring(0, service.indexOf('.')) : service;
  }

  private String namespace() {
    if (!isOfCluster()) {
      return Peer.UNKNOWN;
    }
    int from = service.indexOf('.') + 1;
    return service.substring(from, service.indexOf(".svc", from));
  }

  private boolean isOfCluster() {
    int dot = service.indexOf('.');
    return dot > 0 && service.indexOf(".svc", dot + 1) > 0;
  }
}
