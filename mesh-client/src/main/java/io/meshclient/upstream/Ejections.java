package io.meshclient.upstream;

import io.meshclient.policy.Ejection;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Who of a cluster's endpoints is out: Envoy's outlier detection. Failures are counted without a
 * lock; one is taken only to let an endpoint go or return. There is no timer: whoever asks plays
 * the sweeps that have become due since, as of the times when they were due.
 */
final class Ejections {
  private final LongSupplier clock;
  private final Runnable changed;
  private final ReentrantLock moving = new ReentrantLock();
  private final AtomicLong nextSweep = new AtomicLong();
  private volatile List<EndpointState> endpoints = List.of();
  private volatile @Nullable Ejection rule;

  /**
   * @param changed runs after endpoints have gone or returned
   */
  Ejections(LongSupplier clock, Runnable changed) {
    this.clock = clock;
    this.changed = changed;
  }

  /** Takes on a newer policy; without a rule all endpoints return. */
  void update(@Nullable Ejection newer, List<EndpointState> all) {
    boolean back = newer == null && all.stream().anyMatch(EndpointState::isEjected);
    moving.lock();
    try {
      Ejection before = rule;
      if (newer != null && (before == null || before.interval() != newer.interval())) {
        nextSweep.set(clock.getAsLong() + newer.interval());
      }
      rule = newer;
      endpoints = all;
      if (newer == null) {
        all.forEach(Ejections::putBack);
      }
    } finally {
      moving.unlock();
    }
    if (back) {
      changed.run();
    }
  }

  /** An answer came, of whatever status. */
  void answered(EndpointState endpoint, int status) {
    sweep();
    Ejection now = rule;
    if (now != null) {
      endpoint.failures().connected();
      settle(endpoint, endpoint.failures().status(status, now), now);
    }
  }

  /**
   * No answer came.
   *
   * @param connected whether there was a connection
   * @param status that it stands for
   */
  void failed(EndpointState endpoint, boolean connected, int status) {
    sweep();
    Ejection now = rule;
    if (now == null) {
      return;
    }
    if (!now.split()) {
      settle(endpoint, endpoint.failures().status(status, now), now);
      return;
    }
    if (connected) {
      endpoint.failures().connected();
    }
    settle(endpoint, endpoint.failures().localFailure(now), now);
  }

  private void settle(EndpointState endpoint, boolean eject, Ejection by) {
    if (eject && !endpoint.isEjected() && eject(endpoint, by)) {
      changed.run();
    }
  }

  private boolean eject(EndpointState endpoint, Ejection by) {
    moving.lock();
    try {
      List<EndpointState> all = endpoints;
      if (rule == null
          || endpoint.isEjected()
          || !all.contains(endpoint)
          || !by.allows(ejected(), all.size())) {
        return false;
      }
      endpoint.outage().begin(clock.getAsLong(), by);
      endpoint.ejected(true);
      return true;
    } finally {
      moving.unlock();
    }
  }

  /** Lets return whose time is over, as of the last sweep that is due. */
  void sweep() {
    Ejection now = rule;
    if (now == null || clock.getAsLong() - nextSweep.get() < 0) {
      return;
    }
    boolean back = false;
    moving.lock();
    try {
      long first = nextSweep.get();
      long late = clock.getAsLong() - first;
      if (late < 0) {
        return;
      }
      long sweeps = late / now.interval() + 1;
      nextSweep.set(first + sweeps * now.interval());
      for (EndpointState endpoint : endpoints) {
        boolean out = endpoint.isEjected();
        if (!endpoint.outage().sweep(first, sweeps, out, now) && out) {
          putBack(endpoint);
          back = true;
        }
      }
    } finally {
      moving.unlock();
    }
    if (back) {
      changed.run();
    }
  }

  private static void putBack(EndpointState endpoint) {
    endpoint.failures().reset();
    endpoint.ejected(false);
  }

  /** How many are out. */
  int ejected() {
    return (int) endpoints.stream().filter(EndpointState::isEjected).count();
  }
}
