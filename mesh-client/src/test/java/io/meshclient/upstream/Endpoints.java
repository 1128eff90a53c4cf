package io.meshclient.upstream;

import io.meshclient.policy.Endpoint;
import io.meshclient.policy.LoadBalancing;
import io.meshclient.policy.LoadBalancing.Policy;
import io.meshclient.policy.Locality;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Endpoints and the choice among them, with chance and time for tests. */
final class Endpoints {

  private Endpoints() {}

  static Endpoint endpoint(String address, int weight) {
    return new Endpoint(address, 1, Map.of(), Locality.UNKNOWN, weight, "", "");
  }

  static Endpoint at(String address, String locality, int priority, long localityWeight) {
    return new Endpoint(
        address, 1, Map.of(), Locality.parse(locality), 1, "", "", priority, localityWeight);
  }

  /** So many of weight 1, called {@code e0}, {@code e1} and so on. */
  static List<Endpoint> many(int count) {
    List<Endpoint> endpoints = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      endpoints.add(endpoint("e" + i, 1));
    }
    return endpoints;
  }

  static LoadBalancing balancing(Policy policy) {
    return new LoadBalancing(policy, null, 251, null, false, 0);
  }

  static Sources seeded(AtomicLong clock) {
    Random random = new Random(42);
    return new Sources(() -> random, clock::get);
  }

  static List<EndpointState> states(List<Endpoint> endpoints) {
    return endpoints.stream().map(EndpointState::new).toList();
  }

  static Choice choice(LoadBalancing balancing, List<EndpointState> endpoints) {
    return Choice.of(balancing, endpoints, seeded(new AtomicLong()));
  }

  static void eject(List<EndpointState> endpoints, String... addresses) {
    List<String> out = List.of(addresses);
    endpoints.forEach(endpoint -> endpoint.ejected(out.contains(endpoint.endpoint().address())));
  }

  /** How often each address comes. */
  static Map<String, Integer> count(int picks, Supplier<@Nullable EndpointState> picker) {
    Map<String, Integer> counts = new TreeMap<>();
    for (int i = 0; i < picks; i++) {
      EndpointState picked = picker.get();
      counts.merge(picked == null ? "none" : picked.endpoint().address(), 1, Integer::sum);
    }
    return counts;
  }

  static Map<String, Integer> count(Choice choice, int picks) {
    Random random = new Random(7);
    return count(picks, () -> choice.pick(random.nextLong(), List.of(), List.of()));
  }
}
