package io.meshclient.istio;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code discovery.k8s.io EndpointSlice}; its label {@code kubernetes.io/service-name} names the
 * Service.
 */
@Lenient
public record EndpointSlice(
    ObjectMeta metadata,
    @Nullable String addressType,
    List<Endpoint> endpoints,
    List<Port> ports,
    Location location)
    implements Resource {

  @Lenient
  public record Endpoint(
      @Required List<String> addresses,
      @Nullable Conditions conditions,
      @Nullable String nodeName,
      @Nullable String zone,
      @Nullable TargetRef targetRef) {

    /** Whether it takes requests: an absent condition counts as ready. */
    public boolean isReady() {
      return conditions == null || conditions.ready() == null || conditions.ready();
    }
  }

  @Lenient
  public record Conditions(
      @Nullable Boolean ready, @Nullable Boolean serving, @Nullable Boolean terminating) {}

  @Lenient
  public record Port(
      @Nullable String name,
      @Nullable @Range(min = 1, max = 65535) Integer port,
      @Nullable String protocol,
      @Nullable String appProtocol) {}

  @Lenient
  public record TargetRef(
      @Nullable String kind, @Nullable String name, @Nullable String namespace) {}
}
