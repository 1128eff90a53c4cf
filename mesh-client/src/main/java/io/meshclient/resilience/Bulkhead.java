package io.meshclient.resilience;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * Bounds how many calls of a destination are under way at once, so that a slow one cannot take all
 * threads and connections of its callers.
 *
 * <pre>{@code
 * try (Bulkhead.Permit permit = bulkhead.ask()) {
 *   while (permit.isWaiting()) { ... park until unparked, or until it takes too long ... }
 *   if (!permit.isHeld()) {
 *     throw bulkhead.full();
 *   }
 *   ...
 * }
 * }</pre>
 *
 * <p>A permit that comes free goes to the one that waits longest; a call that comes at that very
 * moment may be ahead of it. Safe from any thread, virtual ones too; takes no lock.
 */
public final class Bulkhead {

  private enum State {
    WAITING,
    HELD,
    REFUSED,
    CLOSED
  }

  /**
   * One call's leave to be under way: held, waited for, or refused. {@link #close} has to follow in
   * any case; a second one does nothing. Safe from any thread.
   */
  public static final class Permit implements AutoCloseable {
    private final AtomicReference<State> state;
    private final Bulkhead bulkhead;
    private final Thread owner = Thread.currentThread();

    private Permit(Bulkhead bulkhead, State state) {
      this.bulkhead = bulkhead;
      this.state = new AtomicReference<>(state);
    }

    /** Whether it is not decided yet; the thread that asked is unparked when it is. */
    public boolean isWaiting() {
      return state.get() == State.WAITING;
    }

    /** Whether the call may be made. */
    public boolean isHeld() {
      return state.get() == State.HELD;
    }

    @Override
    public void close() {
      State before = state.getAndSet(State.CLOSED);
      if (before == State.HELD) {
        bulkhead.handOver();
      } else if (before == State.WAITING) {
        bulkhead.leave(this);
      }
    }
  }

  private final String name;
  private final BulkheadSettings settings;
  private final AtomicInteger free;
  private final AtomicInteger waiting = new AtomicInteger();
  private final ConcurrentLinkedQueue<Permit> queue = new ConcurrentLinkedQueue<>();
  private final LongAdder rejections = new LongAdder();

  /**
   * An empty bulkhead.
   *
   * @param name the destination's, for people
   */
  public Bulkhead(String name, BulkheadSettings settings) {
    this.name = requireNonNull(name, "name");
    this.settings = requireNonNull(settings, "settings");
    this.free = new AtomicInteger(settings.maxConcurrent());
  }

  /** Asks for a permit: held, refused, or to be waited for. */
  public Permit ask() {
    if (take()) {
      return new Permit(this, State.HELD);
    }
    if (!queueHasRoom()) {
      return new Permit(this, State.REFUSED);
    }
    Permit permit = new Permit(this, State.WAITING);
    queue.add(permit);
    // One may have come free since the look above, with nobody in the queue to hand it to.
    if (take()) {
      handOver();
    }
    return permit;
  }

  /** What a call that got no permit throws; counted as a rejection. */
  public BulkheadFullException full() {
    rejections.increment();
    return new BulkheadFullException(name, settings.maxConcurrent(), waiting.get());
  }

  private boolean take() {
    for (int now = free.get(); now > 0; now = free.get()) {
      if (free.compareAndSet(now, now - 1)) {
        return true;
      }
    }
    return false;
  }

  private boolean queueHasRoom() {
    for (int now = waiting.get(); now < settings.maxWaiting(); now = waiting.get()) {
      if (waiting.compareAndSet(now, now + 1)) {
        return true;
      }
    }
    return false;
  }

  /** Passes a permit on to the one that waits longest, or makes it free. */
  private void handOver() {
    while (true) {
      Permit next = queue.poll();
      if (next == null) {
        free.incrementAndGet();
        // Who queued between both steps may have looked before the permit was free.
        if (queue.isEmpty() || !take()) {
          return;
        }
      } else if (next.state.compareAndSet(State.WAITING, State.HELD)) {
        waiting.decrementAndGet();
        LockSupport.unpark(next.owner);
        return;
      }
    }
  }

  private void leave(Permit permit) {
    waiting.decrementAndGet();
    queue.remove(permit);
  }

  /** The destination's, for people. */
  public String name() {
    return name;
  }

  /** The limits. */
  public BulkheadSettings settings() {
    return settings;
  }

  /** How many calls are under way. */
  public int active() {
    return settings.maxConcurrent() - Math.max(0, free.get());
  }

  /** How many calls wait. */
  public int waiting() {
    return waiting.get();
  }

  /** How many calls were refused, since it was made. */
  public long rejections() {
    return rejections.sum();
  }
}
