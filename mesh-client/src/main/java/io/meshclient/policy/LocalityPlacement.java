package io.meshclient.policy;

import io.meshclient.istio.DestinationRule.Distribute;
import io.meshclient.istio.DestinationRule.Failover;
import io.meshclient.istio.DestinationRule.LocalityLb;
import io.meshclient.istio.Location;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Gives endpoints the priorities and weights that follow from where they and the caller are. */
final class LocalityPlacement {

  /** What holds where neither the mesh nor a rule says anything: near endpoints are preferred. */
  static final LocalityLb BY_DEFAULT =
      new LocalityLb(List.of(), List.of(), List.of(), true, Location.NONE);

  /** How many priorities localities make: the same, the zone, the region, the failover, others. */
  private static final int LEVELS = 5;

  private final Workload client;
  private final Locality here;

  LocalityPlacement(Workload client) {
    this.client = client;
    this.here = client.locality() == null ? Locality.UNKNOWN : client.locality();
  }

  /** Whether Envoy is told to share by the weights of localities. */
  static boolean isWeighted(@Nullable LocalityLb setting, boolean fails) {
    return setting != null
        && (!setting.distribute().isEmpty()
            || fails && !(setting.failover().isEmpty() && setting.failoverPriority().isEmpty()));
  }

  /**
   * The endpoints that are used at all, in their order.
   *
   * @param setting {@code null} where localities do not count
   * @param fails whether endpoints stand in for others
   * @param labelled whether the labels of endpoints are known
   */
  List<Endpoint> place(
      List<Endpoint> endpoints, @Nullable LocalityLb setting, boolean fails, boolean labelled) {
    if (setting == null) {
      return endpoints;
    }
    if (!setting.distribute().isEmpty()) {
      return distribute(weighted(endpoints), setting.distribute());
    }
    if (!fails) {
      return endpoints;
    }
    boolean byLabels = labelled && !setting.failoverPriority().isEmpty();
    List<Endpoint> placed = new ArrayList<>();
    for (Endpoint endpoint : endpoints) {
      int priority = byLabels ? byLabels(endpoint, setting.failoverPriority()) : 0;
      if (!byLabels || !setting.failover().isEmpty()) {
        priority = priority * LEVELS + byLocality(endpoint.locality(), setting.failover());
      }
      placed.add(endpoint.placed(priority, 0));
    }
    return weighted(withoutGaps(placed));
  }

  private int byLocality(Locality there, List<Failover> failovers) {
    if (there.region().equals(here.region())) {
      return !there.zone().equals(here.zone()) ? 2 : there.subzone().equals(here.subzone()) ? 0 : 1;
    }
    for (Failover failover : failovers) {
      if (failover.from().equals(here.region())) {
        return there.region().equals(failover.to()) ? 3 : 4;
      }
    }
    return 3;
  }

  /** The more labels agree, from the first on, the more an endpoint is preferred. */
  private int byLabels(Endpoint endpoint, List<String> labels) {
    for (int i = 0; i < labels.size(); i++) {
      String[] parts = labels.get(i).split("=", 2);
      String wanted = parts.length > 1 ? parts[1] : label(client.labels(), here, parts[0]);
      if (!wanted.equals(label(endpoint.labels(), endpoint.locality(), parts[0]))) {
        return labels.size() - i;
      }
    }
    return 0;
  }

  private static String label(Map<String, String> labels, Locality locality, String name) {
    String own = labels.get(name);
    if (own != null) {
      return own;
    }
    return switch (name) {
      case Kubernetes.REGION -> locality.region();
      case Kubernetes.ZONE -> locality.zone();
      case Kubernetes.SUBZONE -> locality.subzone();
      default -> "";
    };
  }

  private static List<Endpoint> withoutGaps(List<Endpoint> endpoints) {
    TreeSet<Integer> priorities = new TreeSet<>();
    endpoints.forEach(endpoint -> priorities.add(endpoint.priority()));
    return endpoints.stream()
        .map(e -> e.placed(priorities.headSet(e.priority()).size(), e.localityWeight()))
        .toList();
  }

  /** Each locality weighs what its endpoints weigh together. */
  private static List<Endpoint> weighted(List<Endpoint> endpoints) {
    Map<Place, Long> sums = new LinkedHashMap<>();
    endpoints.forEach(e -> sums.merge(Place.of(e), (long) e.weight(), Long::sum));
    return endpoints.stream()
        .map(e -> e.placed(e.priority(), sums.getOrDefault(Place.of(e), 0L)))
        .toList();
  }

  private record Place(int priority, Locality locality) {
    static Place of(Endpoint endpoint) {
      return new Place(endpoint.priority(), endpoint.locality());
    }
  }

  private List<Endpoint> distribute(List<Endpoint> endpoints, List<Distribute> rules) {
    for (Distribute rule : rules) {
      if (matches(here, rule.from())) {
        return distribute(endpoints, rule.to());
      }
    }
    return endpoints;
  }

  /** Localities that one pattern matches share its part; those that none matches get nothing. */
  private static List<Endpoint> distribute(List<Endpoint> endpoints, Map<String, Integer> to) {
    Map<Locality, Long> before = new LinkedHashMap<>();
    endpoints.forEach(e -> before.put(e.locality(), e.localityWeight()));
    Map<Locality, Long> after = new LinkedHashMap<>();
    for (String pattern : to.keySet().stream().sorted(EXACT_FIRST).toList()) {
      List<Locality> matched =
          before.keySet().stream()
              .filter(locality -> !after.containsKey(locality) && matches(locality, pattern))
              .toList();
      long sum = matched.stream().mapToLong(locality -> before.getOrDefault(locality, 0L)).sum();
      for (Locality locality : matched) {
        long share = before.getOrDefault(locality, 0L) * to.getOrDefault(pattern, 0);
        after.put(locality, (share + sum - 1) / sum);
      }
    }
    return endpoints.stream()
        .filter(e -> after.getOrDefault(e.locality(), 0L) > 0)
        .map(e -> e.placed(e.priority(), after.getOrDefault(e.locality(), 0L)))
        .toList();
  }

  /** Of several patterns for one locality the one with more named parts holds. */
  private static final Comparator<String> EXACT_FIRST =
      Comparator.<String>comparingInt(pattern -> -named(pattern))
          .thenComparing(Comparator.naturalOrder());

  private static int named(String pattern) {
    Locality parts = Locality.parse(pattern);
    return (isAny(parts.region()) ? 0 : 1)
        + (isAny(parts.zone()) ? 0 : 1)
        + (isAny(parts.subzone()) ? 0 : 1);
  }

  /** Whether a locality is one of {@code region/zone/subzone}; {@code *} or nothing for any. */
  private static boolean matches(Locality locality, String pattern) {
    Locality parts = Locality.parse(pattern);
    return (parts.region().equals("*") || parts.region().equals(locality.region()))
        && (isAny(parts.zone()) || parts.zone().equals(locality.zone()))
        && (isAny(parts.subzone()) || parts.subzone().equals(locality.subzone()));
  }

  private static boolean isAny(String part) {
    return part.isEmpty() || part.equals("*");
  }
}
