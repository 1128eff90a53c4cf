package io.meshclient.cli.identity;

import io.meshclient.identity.IdentitySource;
import io.meshclient.identity.LocalAuthority;
import io.meshclient.identity.SpiffeId;
import io.meshclient.identity.WorkloadIdentity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What a local authority hands out at a socket: identities that renew themselves. */
final class IssuedIdentities implements AutoCloseable {
  private final LocalAuthority authority;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private Map<SpiffeId, IdentitySource> sources = new LinkedHashMap<>();
  private long version;
  private boolean closed;

  IssuedIdentities(LocalAuthority authority, List<SpiffeId> ids) {
    this.authority = authority;
    replace(ids);
  }

  LocalAuthority authority() {
    return authority;
  }

  /** From now on these are handed out, and others no more. */
  void replace(List<SpiffeId> ids) {
    Map<SpiffeId, IdentitySource> before;
    Map<SpiffeId, IdentitySource> next = new LinkedHashMap<>();
    lock.lock();
    try {
      before = sources;
      for (SpiffeId id : ids) {
        IdentitySource known = before.get(id);
        next.put(id, known == null ? started(id) : known);
      }
      sources = next;
    } finally {
      lock.unlock();
    }
    before.forEach((id, source) -> closeUnless(next.containsKey(id), source));
    touch();
  }

  private IdentitySource started(SpiffeId id) {
    IdentitySource source = authority.source(id);
    source.onChange(identity -> touch());
    return source;
  }

  private static void closeUnless(boolean kept, IdentitySource source) {
    if (!kept) {
      source.close();
    }
  }

  /** Someone who waits looks again. */
  void touch() {
    lock.lock();
    try {
      version++;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** In the order in which they were given; the first is the default. */
  List<WorkloadIdentity> all() {
    lock.lock();
    try {
      List<WorkloadIdentity> all = new ArrayList<>();
      for (IdentitySource source : sources.values()) {
        @Nullable WorkloadIdentity identity = source.identity();
        all.add(Objects.requireNonNull(identity, "a local authority always has one"));
      }
      return all;
    } finally {
      lock.unlock();
    }
  }

  long version() {
    lock.lock();
    try {
      return version;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for another version than that, or for somebody's {@link #touch}. */
  void awaitOther(long known) throws InterruptedException {
    lock.lock();
    try {
      while (version == known && !closed) {
        changed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
      sources.values().forEach(IdentitySource::close);
    } finally {
      lock.unlock();
    }
  }
}
