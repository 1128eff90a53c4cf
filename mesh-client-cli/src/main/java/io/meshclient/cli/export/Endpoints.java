package io.meshclient.cli.export;

import com.google.gson.JsonObject;
import io.meshclient.policy.Cluster;
import io.meshclient.policy.Endpoint;
import io.meshclient.policy.Locality;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes a cluster's endpoints by priority and locality: Envoy's {@code ClusterLoadAssignment}. */
final class Endpoints {

  /** Istio's label of pods, which says that a sidecar takes mutual TLS for them. */
  static final String TLS_MODE = "security.istio.io/tlsMode";

  private static final int OVERPROVISIONING = 140;

  private record Place(int priority, Locality locality) {}

  private Endpoints() {}

  static JsonObject of(Cluster cluster) {
    Map<Place, List<Endpoint>> places = new LinkedHashMap<>();
    for (Endpoint endpoint : cluster.endpoints()) {
      Place place = new Place(endpoint.priority(), endpoint.locality());
      places.computeIfAbsent(place, key -> new ArrayList<>()).add(endpoint);
    }
    boolean weighted = cluster.settings().loadBalancing().localityWeighted();
    List<JsonObject> groups = new ArrayList<>();
    places.forEach((place, endpoints) -> groups.add(group(place, endpoints, weighted)));
    return Json.object(
        "cluster_name",
        cluster.name(),
        "endpoints",
        Json.arrayOrNull(groups),
        "policy",
        Json.object("overprovisioning_factor", OVERPROVISIONING));
  }

  private static JsonObject group(Place place, List<Endpoint> endpoints, boolean weighted) {
    long weight =
        weighted
            ? endpoints.get(0).localityWeight()
            : endpoints.stream().mapToLong(Endpoint::weight).sum();
    return Json.object(
        "locality",
        locality(place.locality()),
        "lb_endpoints",
        endpoints.stream().map(Endpoints::endpoint).toList(),
        "load_balancing_weight",
        weight == 0 ? null : weight,
        "priority",
        place.priority() == 0 ? null : place.priority());
  }

  static @Nullable JsonObject locality(Locality locality) {
    return locality.equals(Locality.UNKNOWN)
        ? null
        : Json.object(
            "region",
            locality.region(),
            "zone",
            locality.zone().isEmpty() ? null : locality.zone(),
            "sub_zone",
            locality.subzone().isEmpty() ? null : locality.subzone());
  }

  private static JsonObject endpoint(Endpoint endpoint) {
    JsonObject metadata = new JsonObject();
    if (!endpoint.name().isEmpty()) {
      metadata.add("istio", Json.object("workload", endpoint.name()));
    }
    if ("istio".equals(endpoint.labels().get(TLS_MODE))) {
      metadata.add("envoy.transport_socket_match", Json.object("tlsMode", "istio"));
    }
    return Json.object(
        "endpoint",
        Json.object("address", Json.socketAddress(endpoint.address(), endpoint.port())),
        "metadata",
        metadata.size() == 0 ? null : Json.object("filter_metadata", metadata),
        "load_balancing_weight",
        endpoint.weight());
  }

  /** Whether it is an IP address rather than a name. */
  static boolean isAddress(Endpoint endpoint) {
    String address = endpoint.address();
    return address.indexOf(':') >= 0
        || address.chars().allMatch(c -> c >= '0' && c <= '9' || c == '.');
  }
}
