package io.meshclient.istio;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code v1 Pod}. */
@Lenient
public record Pod(
    ObjectMeta metadata, @Nullable Spec spec, @Nullable Status status, Location location)
    implements Resource {

  @Lenient
  public record Spec(
      @Nullable String serviceAccountName, @Nullable String nodeName, List<Container> containers) {}

  @Lenient
  public record Container(@Nullable String name, List<ContainerPort> ports) {}

  @Lenient
  public record ContainerPort(
      @Nullable String name, @Nullable @Range(min = 1, max = 65535) Integer containerPort) {}

  @Lenient
  public record Status(
      @Nullable String podIP, @Nullable String phase, List<Condition> conditions) {}

  @Lenient
  public record Condition(@Nullable String type, @Nullable String status) {}

  /** Whether it has an address and its Ready condition, where it is given, is true. */
  public boolean isReady() {
    return status != null
        && status.podIP() != null
        && status.conditions().stream()
            .noneMatch(c -> "Ready".equals(c.type()) && !"True".equals(c.status()));
  }
}
