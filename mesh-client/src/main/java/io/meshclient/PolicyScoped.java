package io.meshclient;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * State that belongs to a key for as long as policies know the key. Calls that are still under a
 * policy from before have state of their own for what the newer one has dropped: nothing that they
 * bring along stays. Safe from any thread; takes no lock for what is there.
 */
final class PolicyScoped<K, V> {
  private final ConcurrentHashMap<K, V> states = new ConcurrentHashMap<>();
  private final Function<K, V> create;
  private volatile Set<K> known = Set.of();

  PolicyScoped(Function<K, V> create) {
    this.create = create;
  }

  V of(K key) {
    V state = states.get(key);
    if (state != null) {
      return state;
    }
    V added = states.computeIfAbsent(key, create);
    // Looked at last: a policy that comes later than this look drops the key by itself.
    if (!known.contains(key)) {
      states.remove(key, added);
    }
    return added;
  }

  /** A policy has come into force that knows these keys and no others. */
  void retain(Set<K> keys) {
    known = Set.copyOf(keys);
    states.keySet().retainAll(keys);
  }

  int size() {
    return states.size();
  }
}
