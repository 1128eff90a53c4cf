package io.meshclient.acceptance.backend;

import com.google.gson.Gson;
import com.google.gson.reflect.TypeToken;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Predicate;

/** What all pods got, by client request, and what each is to do with the next try. */
final class Ledger {

  private static final TypeToken<Map<String, String>> SCRIPTS = new TypeToken<>() {};

  private final Gson gson = new Gson();
  private final ConcurrentMap<String, List<Received>> tries = new ConcurrentHashMap<>();

  /** Keeps a request and says how to act on it. */
  Step arrive(Received received) {
    if (received.id().isEmpty()) {
      return Step.OK;
    }
    List<Received> soFar = tries.merge(received.id(), List.of(received), Ledger::appended);
    Map<String, String> own =
        Header.first(received.headers(), "x-test-pods")
            .map(json -> gson.fromJson(json, SCRIPTS))
            .orElse(Map.of());
    Pod pod = received.pod();
    String script = own.get(pod.name());
    if (script != null) {
      return Script.parse(script).step(earlier(soFar, other -> other.name().equals(pod.name())));
    }
    return Header.first(received.headers(), "x-test-script")
        .map(Script::parse)
        .orElse(Script.ALWAYS_OK)
        .step(earlier(soFar, other -> !own.containsKey(other.name())));
  }

  /** Hands over the tries of a client request in the order of their arrival and forgets them. */
  List<Received> take(String id) {
    List<Received> taken = tries.remove(id);
    return taken == null ? List.of() : taken;
  }

  private static int earlier(List<Received> tries, Predicate<Pod> which) {
    return (int) tries.stream().map(Received::pod).filter(which).count() - 1;
  }

  private static List<Received> appended(List<Received> before, List<Received> one) {
    List<Received> all = new ArrayList<>(before);
    all.addAll(one);
    return List.copyOf(all);
  }
}
