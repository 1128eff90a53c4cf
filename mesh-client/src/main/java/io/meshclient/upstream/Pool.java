package io.meshclient.upstream;

import io.meshclient.policy.PoolLimits;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What of a cluster's connections is in use, and who waits: Envoy's circuit breakers. An HTTP/1
 * connection carries one request, so that a request counts as a connection; each endpoint may have
 * one even beyond the limit. Whoever finishes passes the place on to the first who waits for the
 * same endpoint. Safe from any thread; takes a lock only where requests wait.
 */
public final class Pool {
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicInteger retries = new AtomicInteger();

  /** Those who wait, and one who is about to. */
  private final AtomicInteger pending = new AtomicInteger();

  private final ReentrantLock queueing = new ReentrantLock();
  private final Set<Lease> queue = new LinkedHashSet<>();
  private volatile PoolLimits limits;

  Pool(PoolLimits limits) {
    this.limits = limits;
  }

  void update(PoolLimits newer) {
    limits = newer;
    if (pending.get() > 0) {
      queueing.lock();
      try {
        queue.stream().findFirst().map(Lease::endpoint).ifPresent(this::giveOut);
      } finally {
        queueing.unlock();
      }
    }
  }

  /** Asks for a connection to an endpoint, on the thread that is going to wait for it. */
  public Lease ask(EndpointState endpoint) {
    Lease lease = new Lease(this, endpoint);
    if (pending.get() > 0 || !connects(lease)) {
      queue(lease);
    } else if (!begins(lease)) {
      passOn(endpoint);
    }
    return lease;
  }

  /** Requests that have a connection, until their answers' bodies are closed. */
  public int active() {
    return requests.get();
  }

  /** Requests that wait for a connection. */
  public int pending() {
    return pending.get();
  }

  /** Retries under way. */
  public int retries() {
    return retries.get();
  }

  /** Begins a retry, if one more is allowed; {@link #endRetry} must follow. */
  public boolean beginRetry() {
    PoolLimits now = limits;
    int most =
        now.retryBudget() == null
            ? now.maxRetries()
            : now.retryBudget().of(requests.get() + pending.get());
    return takes(retries, most);
  }

  /** A retry that {@link #beginRetry began} has an outcome. */
  public void endRetry() {
    retries.decrementAndGet();
  }

  /** The endpoint's connections have turned out to carry many requests at once, or not to. */
  void multiplexed(EndpointState endpoint, boolean many) {
    if (endpoint.isMultiplexed() != many) {
      endpoint.multiplexed(many);
      passOn(endpoint);
    }
  }

  void giveBack(Lease lease) {
    requests.decrementAndGet();
    disconnects(lease);
    passOn(lease.endpoint());
  }

  void leave(Lease lease) {
    queueing.lock();
    try {
      if (queue.remove(lease)) {
        pending.decrementAndGet();
      }
    } finally {
      queueing.unlock();
    }
  }

  private void queue(Lease lease) {
    queueing.lock();
    try {
      pending.incrementAndGet(); // before it looks: whoever finishes from now on looks for it
      giveOut(lease.endpoint());
      if (connects(lease)) {
        pending.decrementAndGet();
        begins(lease);
      } else if (queue.size() >= limits.maxPending()) {
        pending.decrementAndGet();
        lease.settle(false);
      } else {
        lease.await();
        queue.add(lease);
      }
    } finally {
      queueing.unlock();
    }
  }

  /** Gives what is free to those who wait, to an endpoint's own first. */
  private void passOn(EndpointState endpoint) {
    if (pending.get() == 0) {
      return;
    }
    queueing.lock();
    try {
      giveOut(endpoint);
    } finally {
      queueing.unlock();
    }
  }

  private void giveOut(EndpointState endpoint) {
    Iterator<Lease> own = queue.iterator();
    while (own.hasNext()) {
      Lease lease = own.next();
      if (lease.endpoint() == endpoint && (!connects(lease) || starts(lease, own))) {
        break;
      }
    }
    Iterator<Lease> any = queue.iterator();
    while (any.hasNext()) {
      Lease lease = any.next();
      if (connects(lease)) {
        starts(lease, any);
      } else {
        break;
      }
    }
  }

  /** Ends the waiting of a lease that has a connection; {@code false} if that is free again. */
  private boolean starts(Lease lease, Iterator<Lease> at) {
    at.remove();
    pending.decrementAndGet();
    boolean begun = begins(lease);
    LockSupport.unpark(lease.owner());
    return begun && lease.isCounted();
  }

  /** Whether there is a connection for it: one of the cluster's, or the endpoint's own. */
  private boolean connects(Lease lease) {
    EndpointState endpoint = lease.endpoint();
    boolean alone = endpoint.beginAlone();
    boolean many = endpoint.isMultiplexed();
    if (!many && alone) {
      connections.incrementAndGet();
    } else if (!many && !takes(connections, limits.maxConnections())) {
      endpoint.end();
      return false;
    }
    lease.counted(!many);
    return true;
  }

  private void disconnects(Lease lease) {
    lease.endpoint().end();
    if (lease.isCounted()) {
      connections.decrementAndGet();
    }
  }

  /** Whether a lease that has a connection may be used; requests count as well. */
  private boolean begins(Lease lease) {
    boolean allowed = takes(requests, limits.maxRequests());
    if (lease.settle(allowed) && allowed) {
      return true;
    }
    if (allowed) {
      requests.decrementAndGet();
    }
    disconnects(lease);
    return false;
  }

  private static boolean takes(AtomicInteger counter, int most) {
    int now = counter.get();
    while (now < most) {
      if (counter.compareAndSet(now, now + 1)) {
        return true;
      }
      now = counter.get();
    }
    return false;
  }
}
