package io.meshclient.upstream;

import io.meshclient.policy.LoadBalancing;
import io.meshclient.policy.LoadBalancing.Policy;
import io.meshclient.policy.Locality;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The endpoints of one priority, by locality. */
record Tier(List<List<EndpointState>> localities) {
  private static final long OVERPROVISIONING = 140;
  private static final long ALL = 100;

  /** By priority; at least one, which may be empty. */
  static List<Tier> of(List<EndpointState> endpoints) {
    int last = endpoints.stream().mapToInt(e -> e.endpoint().priority()).max().orElse(0);
    List<Map<Locality, List<EndpointState>>> groups = new ArrayList<>();
    for (int i = 0; i <= last; i++) {
      groups.add(new LinkedHashMap<>());
    }
    for (EndpointState endpoint : endpoints) {
      groups
          .get(endpoint.endpoint().priority())
          .computeIfAbsent(endpoint.endpoint().locality(), l -> new ArrayList<>())
          .add(endpoint);
    }
    return groups.stream().map(group -> new Tier(List.copyOf(group.values()))).toList();
  }

  int size() {
    return localities.stream().mapToInt(List::size).sum();
  }

  int healthy() {
    return localities.stream().mapToInt(locality -> healthy(locality).size()).sum();
  }

  /**
   * What picks in this priority.
   *
   * @param panic whether endpoints that are not healthy are used as well
   */
  Picker picker(LoadBalancing settings, boolean panic, Sources sources) {
    List<List<EndpointState>> used =
        panic ? localities : localities.stream().map(Tier::healthy).toList();
    List<EndpointState> all = used.stream().flatMap(List::stream).toList();
    if (settings.policy().hashes()) {
      return hashing(settings, used, all);
    }
    return settings.localityWeighted() && !panic && !all.isEmpty()
        ? byLocality(settings, used, sources)
        : Pickers.of(settings, all, sources);
  }

  /** Under a hash, weights of localities do not depend on how many endpoints are healthy. */
  private Picker hashing(
      LoadBalancing settings, List<List<EndpointState>> used, List<EndpointState> all) {
    List<HashShare> shares =
        settings.localityWeighted()
            ? HashShare.of(used, localities.stream().mapToLong(Tier::weight).toArray())
            : HashShare.of(all);
    return settings.policy() == Policy.MAGLEV
        ? Maglev.of(shares, settings.tableSize())
        : HashRing.of(shares, settings.tableSize());
  }

  private Picker byLocality(
      LoadBalancing settings, List<List<EndpointState>> used, Sources sources) {
    Picker[] pickers =
        used.stream().map(list -> Pickers.of(settings, list, sources)).toArray(Picker[]::new);
    long[] weights = new long[pickers.length];
    long sum = 0;
    for (int i = 0; i < weights.length; i++) {
      List<EndpointState> locality = localities.get(i);
      long health =
          Math.min(ALL, OVERPROVISIONING * used.get(i).size() / Math.max(1, locality.size()));
      weights[i] = weight(locality) * health;
      sum += weights[i];
    }
    if (sum == 0) {
      return Pickers.of(settings, used.stream().flatMap(List::stream).toList(), sources);
    }
    Turns turns = Turns.of(weights, sources);
    return (hash, attempt) -> pickers[turns.next()].pick(hash, attempt);
  }

  private static long weight(List<EndpointState> locality) {
    return locality.get(0).endpoint().localityWeight();
  }

  private static List<EndpointState> healthy(List<EndpointState> endpoints) {
    return endpoints.stream().filter(endpoint -> !endpoint.isEjected()).toList();
  }
}
