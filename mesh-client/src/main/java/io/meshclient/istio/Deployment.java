package io.meshclient.istio;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code apps Deployment}, {@code StatefulSet} or {@code DaemonSet}: the pods it will make. */
@Lenient
public record Deployment(String kind, ObjectMeta metadata, @Required Spec spec, Location location)
    implements Resource {

  @Lenient
  public record Spec(@Nullable Integer replicas, @Nullable Template template) {

    /** The labels of its pods. */
    public Map<String, String> podLabels() {
      return template == null || template.metadata() == null
          ? Map.of()
          : template.metadata().labels();
    }
  }

  @Lenient
  public record Template(@Nullable TemplateMeta metadata, Pod.@Nullable Spec spec) {}

  @Lenient
  public record TemplateMeta(Map<String, String> labels, Map<String, String> annotations) {}

  /** The container ports of its pods. */
  public List<Pod.Container> containers() {
    return spec.template() == null || spec.template().spec() == null
        ? List.of()
        : spec.template().spec().containers();
  }
}
