package io.meshclient.policy;

import io.meshclient.istio.DestinationRule.LocalityLb;
import io.meshclient.istio.Location;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A service's own wish which endpoints are preferred: Kubernetes' {@code trafficDistribution}, or
 * Istio's annotation, which the field beats. Istio turns it into a failoverPriority that holds
 * without outlierDetection, below a DestinationRule's setting and above the mesh's.
 */
enum TrafficDistribution {
  ANY,
  SAME_ZONE,
  SAME_NODE;

  private static final String ANNOTATION = "networking.istio.io/traffic-distribution";
  private static final String NETWORK = "topology.istio.io/network";

  private static final LocalityLb ZONE_FIRST =
      preferring(NETWORK, Kubernetes.REGION, Kubernetes.ZONE);
  private static final LocalityLb NODE_FIRST =
      preferring(
          NETWORK, Kubernetes.REGION, Kubernetes.ZONE, Kubernetes.SUBZONE, Kubernetes.HOST_NAME);

  /** The field knows its words exactly, the annotation in any case. */
  static TrafficDistribution of(@Nullable String field, Map<String, String> annotations) {
    TrafficDistribution own =
        switch (field == null ? "" : field) {
          case "PreferClose", "PreferSameZone" -> SAME_ZONE;
          case "PreferSameNode" -> SAME_NODE;
          default -> ANY;
        };
    if (own != ANY) {
      return own;
    }
    return switch (Names.lower(annotations.getOrDefault(ANNOTATION, ""))) {
      case "preferclose", "prefersamezone" -> SAME_ZONE;
      case "prefersamenode" -> SAME_NODE;
      default -> ANY;
    };
  }

  /** {@code null} for no preference. */
  @Nullable LocalityLb setting() {
    return switch (this) {
      case ANY -> null;
      case SAME_ZONE -> ZONE_FIRST;
      case SAME_NODE -> NODE_FIRST;
    };
  }

  private static LocalityLb preferring(String... labels) {
    return new LocalityLb(List.of(), List.of(), List.of(labels), true, Location.NONE);
  }
}
