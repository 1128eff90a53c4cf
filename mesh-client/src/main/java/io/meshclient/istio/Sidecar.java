package io.meshclient.istio;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code networking.istio.io Sidecar}: what a workload sees of the mesh. */
public record Sidecar(ObjectMeta metadata, @Required Spec spec, Location location)
    implements Resource {

  public record Spec(
      @Nullable LabelSelector workloadSelector,
      List<Ingress> ingress,
      List<Egress> egress,
      @Nullable OutboundTrafficPolicy outboundTrafficPolicy,
      DestinationRule.@Nullable ConnectionPool inboundConnectionPool) {}

  /**
   * Hosts that a workload sees.
   *
   * @param hosts {@code namespace/dnsName}, where either may be {@code *}, and the namespace {@code
   *     .} or {@code ~}
   */
  public record Egress(
      @Nullable Port port,
      @Nullable String bind,
      @Nullable String captureMode,
      @Required List<String> hosts) {}

  /**
   * What a workload takes in: read, and left to the mesh.
   *
   * @param tls a server's settings, kept as they are
   */
  public record Ingress(
      @Nullable Port port,
      @Nullable String bind,
      @Nullable String captureMode,
      @Nullable String defaultEndpoint,
      @Nullable Object tls,
      DestinationRule.@Nullable ConnectionPool connectionPool) {}

  public record Port(
      @Required @Range(min = 0, max = 65535) int number,
      @Nullable String protocol,
      @Nullable String name,
      @Nullable @Range(min = 1, max = 65535) Integer targetPort) {}

  public record OutboundTrafficPolicy(
      @Nullable Mode mode, VirtualService.@Nullable Destination egressProxy) {}

  public enum Mode {
    REGISTRY_ONLY,
    ALLOW_ANY
  }
}
