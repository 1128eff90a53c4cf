package io.meshclient.istio;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code networking.istio.io WorkloadGroup}: what the WorkloadEntries of a group share. */
public record WorkloadGroup(ObjectMeta metadata, @Required Spec spec, Location location)
    implements Resource {

  /**
   * What its workloads are like.
   *
   * @param probe how readiness is checked: read, and left to the mesh
   */
  public record Spec(
      @Nullable Metadata metadata, @Required WorkloadEntry.Spec template, @Nullable Object probe) {}

  public record Metadata(Map<String, String> labels, Map<String, String> annotations) {}
}
