package io.meshclient.istio;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code v1 Endpoints}: the older form of EndpointSlice; its name is the Service's. */
@Lenient
public record Endpoints(ObjectMeta metadata, List<Subset> subsets, Location location)
    implements Resource {

  @Lenient
  public record Subset(List<Address> addresses, List<EndpointSlice.Port> ports) {}

  @Lenient
  public record Address(
      @Required String ip,
      @Nullable String nodeName,
      EndpointSlice.@Nullable TargetRef targetRef) {}
}
