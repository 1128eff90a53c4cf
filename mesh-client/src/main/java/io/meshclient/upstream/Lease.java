package io.meshclient.upstream;

import java.util.concurrent.atomic.AtomicReference;

/**
 * One request's leave to use an endpoint of a cluster: held, waited for, or refused. {@link #close}
 * has to follow in any case, once the answer's body is closed; a second one does nothing. Safe from
 * any thread.
 */
public final class Lease implements AutoCloseable {

  private enum State {
    NEW,
    WAITING,
    HELD,
    REFUSED,
    CLOSED
  }

  private final AtomicReference<State> state = new AtomicReference<>(State.NEW);
  private final Pool pool;
  private final EndpointState endpoint;
  private final Thread owner = Thread.currentThread();
  private volatile boolean counted;

  Lease(Pool pool, EndpointState endpoint) {
    this.pool = pool;
    this.endpoint = endpoint;
  }

  /** Whether it is not decided yet; its owner is unparked when it is. */
  public boolean isWaiting() {
    return state.get() == State.WAITING;
  }

  /** Whether the pool has overflown. */
  public boolean isRefused() {
    return state.get() == State.REFUSED;
  }

  EndpointState endpoint() {
    return endpoint;
  }

  Thread owner() {
    return owner;
  }

  /** Whether it takes one of the cluster's connections. */
  boolean isCounted() {
    return counted;
  }

  void counted(boolean one) {
    counted = one;
  }

  void await() {
    state.set(State.WAITING);
  }

  /** {@code false} if it was closed meanwhile. */
  boolean settle(boolean held) {
    State to = held ? State.HELD : State.REFUSED;
    return state.compareAndSet(State.NEW, to) || state.compareAndSet(State.WAITING, to);
  }

  @Override
  public void close() {
    State before = state.getAndSet(State.CLOSED);
    if (before == State.HELD) {
      pool.giveBack(this);
    } else if (before == State.WAITING) {
      pool.leave(this);
    }
  }
}
