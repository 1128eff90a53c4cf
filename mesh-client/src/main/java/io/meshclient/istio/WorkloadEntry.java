package io.meshclient.istio;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code networking.istio.io WorkloadEntry}: a workload that is no pod, such as a machine. */
public record WorkloadEntry(ObjectMeta metadata, @Required Spec spec, Location location)
    implements Resource {

  /**
   * An endpoint.
   *
   * @param ports port name to number; a port that is not named here keeps the service's number
   * @param locality {@code region/zone/subzone}
   * @param weight relative to the others; absent counts as 1
   */
  public record Spec(
      @Nullable String address,
      Map<String, Integer> ports,
      Map<String, String> labels,
      @Nullable String network,
      @Nullable String locality,
      @Nullable @Range(min = 0) Integer weight,
      @Nullable String serviceAccount,
      Location location) {}
}
