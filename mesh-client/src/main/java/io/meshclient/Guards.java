package io.meshclient;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What guards destinations, one for each, made at the first call and bounded in number. Where there
 * is no room for another, those that are idle and were not used since the last time leave; if none
 * may, the new destination goes unguarded, and a warning says so.
 */
final class Guards<T> {
  private static final Logger log = LoggerFactory.getLogger(Guards.class);

  /** How many handles a guard has room for: a host may have as many subsets and ports. */
  private static final long HANDLES_EACH = 8;

  private static final class Entry<T> {
    final String name;
    final @Nullable T guard;
    volatile boolean used = true;

    Entry(String name, @Nullable T guard) {
      this.name = name;
      this.guard = guard;
    }
  }

  private final GuardKey key;
  private final int limit;
  private final Function<String, @Nullable T> factory;
  private final Predicate<T> idle;

  /** By what a call has at hand, so that none has to put a name together. */
  private final ConcurrentHashMap<Object, Entry<T>> byHandle = new ConcurrentHashMap<>();

  private final ConcurrentHashMap<String, Entry<T>> byName = new ConcurrentHashMap<>();
  private final ReentrantLock making = new ReentrantLock();
  private boolean full;

  /**
   * @param factory makes a destination's guard; {@code null} for none
   * @param idle whether a guard holds nothing that would be missed
   */
  Guards(GuardKey key, int limit, Function<String, @Nullable T> factory, Predicate<T> idle) {
    this.key = key;
    this.limit = limit;
    this.factory = factory;
    this.idle = idle;
  }

  /** The guard of a call's destination; {@code null} if it has none. */
  @Nullable T of(MeshCall call) {
    Object handle = key.handle(call);
    Entry<T> entry = byHandle.get(handle);
    if (entry == null) {
      entry = make(key.name(call), handle);
    } else if (!entry.used) {
      entry.used = true;
    }
    return entry.guard;
  }

  private Entry<T> make(String name, Object handle) {
    making.lock();
    try {
      Entry<T> entry = byName.get(name);
      if (entry == null) {
        if (byName.size() >= limit) {
          sweep();
        }
        if (byName.size() >= limit) {
          warn(name);
          return new Entry<>(name, null);
        }
        full = false;
        entry = new Entry<>(name, factory.apply(name));
        byName.put(name, entry);
      } else {
        entry.used = true;
      }
      if (byHandle.size() >= HANDLES_EACH * limit) {
        byHandle.clear(); // most are of policies from before; the others find their names again
      }
      byHandle.put(handle, entry);
      return entry;
    } finally {
      making.unlock();
    }
  }

  /** Once until there is room again: from then on it would come with each call. */
  private void warn(String name) {
    if (!full) {
      full = true;
      log.warn("{} and others go unguarded: there are {} destinations already", name, limit);
    }
  }

  private void sweep() {
    byName.values().removeIf(entry -> !entry.used && mayLeave(entry));
    byHandle.values().removeIf(entry -> byName.get(entry.name) != entry);
    byName.values().forEach(entry -> entry.used = false);
  }

  private boolean mayLeave(Entry<T> entry) {
    return entry.guard == null || idle.test(entry.guard);
  }

  /** How many ways to guards are kept at hand. */
  int handles() {
    return byHandle.size();
  }

  /** The guard of that name; {@code null} if there is none. */
  @Nullable T find(String name) {
    Entry<T> entry = byName.get(name);
    return entry == null ? null : entry.guard;
  }

  /** Those there are now. */
  List<T> all() {
    List<T> all = new ArrayList<>();
    each(all::add);
    return all;
  }

  void each(Consumer<T> action) {
    byName
        .values()
        .forEach(
            entry -> {
              if (entry.guard != null) {
                action.accept(entry.guard);
              }
            });
  }

  /** Has destinations without a guard looked at anew: they may have settings by now. */
  void forgetUnguarded() {
    making.lock();
    try {
      byName.values().removeIf(entry -> entry.guard == null);
      byHandle.values().removeIf(entry -> entry.guard == null);
    } finally {
      making.unlock();
    }
  }
}
