package io.meshclient.identity;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What all sources have in common: the identity as it is, who waits for it, and who listens. */
abstract class UpdatedSource implements IdentitySource {
  private static final Logger log = LoggerFactory.getLogger(IdentitySource.class);

  private final String name;
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();

  /** Held while listeners are told, so that they hear of changes in order. */
  private final ReentrantLock updating = new ReentrantLock();

  private final Condition changed = updating.newCondition();
  private volatile @Nullable WorkloadIdentity identity;
  private volatile @Nullable IdentityException problem;
  private volatile @Nullable IdentityException suspicion;
  private volatile boolean closed;

  /**
   * @param name for logs and messages: the directory, the socket
   */
  UpdatedSource(String name) {
    this.name = name;
  }

  @Override
  public final @Nullable WorkloadIdentity identity() {
    return identity;
  }

  @Override
  public @Nullable IdentityException problem() {
    return problem;
  }

  @Override
  public final Registration onChange(Listener listener) {
    listeners.add(Objects.requireNonNull(listener, "listener"));
    return () -> listeners.remove(listener);
  }

  @Override
  public final WorkloadIdentity await(Duration atMost)
      throws IdentityException, InterruptedException {
    long left = atMost.toNanos();
    updating.lockInterruptibly();
    try {
      WorkloadIdentity known = identity;
      while (known == null && !closed && left > 0) {
        left = changed.awaitNanos(left);
        known = identity;
      }
      if (known != null) {
        return known;
      }
      IdentityException reported = problem();
      IdentityException why = reported == null ? suspicion : reported;
      throw new IdentityException(
          name
              + ": no identity "
              + (closed ? "before the source was closed" : "within " + atMost.toMillis() + " ms")
              + (why == null ? "" : ": " + why.getMessage()),
          why);
    } finally {
      updating.unlock();
    }
  }

  /** Subclasses end their threads first. */
  @Override
  public void close() {
    updating.lock();
    try {
      closed = true;
      listeners.clear();
      changed.signalAll();
    } finally {
      updating.unlock();
    }
  }

  /** There is a good one. */
  final void publish(WorkloadIdentity next) {
    updating.lock();
    try {
      problem = null;
      suspicion = null;
      WorkloadIdentity known = identity;
      if (!closed && (known == null || !known.sameAs(next))) {
        log.info("{}: {}, trusting {}", name, next.svid(), next.bundles());
        become(next);
      }
    } finally {
      updating.unlock();
    }
  }

  /** Whoever gave the identity has taken it away. */
  final void withdraw(IdentityException why) {
    updating.lock();
    try {
      report(why);
      if (!closed && identity != null) {
        become(null);
      }
    } finally {
      updating.unlock();
    }
  }

  /**
   * Something is no good, but may be half of what is being written: nobody hears of it but who
   * waits in vain.
   */
  final void suspect(IdentityException why) {
    suspicion = why;
  }

  /** Something came that is no good; the identity stays. The same fault is logged once. */
  final void report(IdentityException why) {
    updating.lock();
    try {
      IdentityException before = problem;
      problem = why;
      if (!closed && (before == null || !Objects.equals(before.getMessage(), why.getMessage()))) {
        // The message says it all; the way to it is for those who doubt that.
        log.warn("{}: {}", name, why.getMessage());
        log.debug("{}", name, why);
      }
    } finally {
      updating.unlock();
    }
  }

  private void become(@Nullable WorkloadIdentity next) {
    identity = next;
    changed.signalAll();
    for (Listener listener : listeners) {
      try {
        listener.changed(next);
      } catch (RuntimeException e) {
        log.error("{}: a listener failed on a new identity", name, e);
      }
    }
  }

  /** What the source is called in logs. */
  @Override
  public final String toString() {
    return getClass().getSimpleName() + "[" + name + "]";
  }
}
