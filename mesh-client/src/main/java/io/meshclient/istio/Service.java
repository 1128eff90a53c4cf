package io.meshclient.istio;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code v1 Service}. */
@Lenient
public record Service(ObjectMeta metadata, @Required Spec spec, Location location)
    implements Resource {

  @Lenient
  public record Spec(
      @Nullable String clusterIP,
      List<String> clusterIPs,
      @Nullable String type,
      @Nullable String externalName,
      Map<String, String> selector,
      List<Port> ports,
      @Nullable String trafficDistribution) {}

  @Lenient
  public record Port(
      @Nullable String name,
      @Required @Range(min = 1, max = 65535) int port,
      @Nullable IntOrString targetPort,
      @Nullable String protocol,
      @Nullable String appProtocol) {}
}
