package io.meshclient.istio;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code networking.istio.io ServiceEntry}: a service that no Kubernetes Service describes. */
public record ServiceEntry(ObjectMeta metadata, @Required Spec spec, Location location)
    implements Resource {

  public record Spec(
      @Required List<String> hosts,
      List<String> addresses,
      List<Port> ports,
      @Nullable Place location,
      @Nullable Resolution resolution,
      List<WorkloadEntry.Spec> endpoints,
      @Nullable LabelSelector workloadSelector,
      List<String> exportTo,
      List<String> subjectAltNames) {}

  public record Port(
      @Required @Range(min = 1, max = 65535) int number,
      @Required String name,
      @Nullable String protocol,
      @Nullable @Range(min = 1, max = 65535) Integer targetPort) {}

  public enum Place {
    MESH_EXTERNAL,
    MESH_INTERNAL
  }

  public enum Resolution {
    NONE,
    STATIC,
    DNS,
    DNS_ROUND_ROBIN,
    DYNAMIC_DNS
  }
}
