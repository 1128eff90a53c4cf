package io.meshclient.mesh;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out which mesh is around, and goes on looking: a sidecar's ports may open after the
 * application has started. Looks on a thread of its own; {@link #state} is one volatile read. Safe
 * from any thread.
 */
public final class MeshDetector implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(MeshDetector.class);

  /** How long "nothing to be seen" is not taken for an answer. */
  static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(60);

  private static final long FIRST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long LATER_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long DONE = -1;

  private final Surroundings around;
  private final @Nullable MeshMode told;
  private final String by;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private volatile MeshState state;
  private volatile boolean heard;
  private long sinceNanos;
  private long waitNanos = FIRST_NANOS;
  private @Nullable Thread thread;
  private volatile boolean again;
  private boolean closed;

  /**
   * Takes a first look, of a millisecond or so: no proxy is asked yet.
   *
   * @param told the mode that is certain; {@code null} to look for it
   * @param by who said so
   */
  public MeshDetector(Surroundings around, @Nullable MeshMode told, String by) {
    this.around = requireNonNull(around, "around");
    this.told = told;
    this.by = by;
    this.sinceNanos = around.nanoTime().getAsLong();
    this.state = look(false);
  }

  /** What is known now. */
  public MeshState state() {
    return state;
  }

  /** Goes on looking in the background, as long as there is something to find out. */
  public void start() {
    lock.lock();
    try {
      if (thread == null && !closed && told != MeshMode.NONE) {
        Thread looking = new Thread(this::run, "mesh-client-detection");
        looking.setDaemon(true);
        thread = looking;
        looking.start();
      }
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    try {
      for (long wait = step(); wait != DONE; wait = step()) {
        pause(wait);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    } finally {
      end();
    }
  }

  /** What was heard since the last look is worth another. */
  private void end() {
    lock.lock();
    try {
      thread = null;
      if (again) {
        start();
      }
    } finally {
      lock.unlock();
    }
  }

  private void pause(long nanos) throws InterruptedException {
    lock.lock();
    try {
      long left = nanos;
      while (left > 0 && !closed) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * One look.
   *
   * @return nanoseconds until the next one; negative if there need not be any
   */
  long step() {
    MeshState before = state;
    again = false;
    MeshState seen = look(true);
    // A sidecar that restarts is not gone: traffic is still led to where it was.
    boolean gone = before.mode() != MeshMode.NONE && seen.mode() == MeshMode.NONE;
    MeshState now = gone ? before : seen;
    lock.lock();
    try {
      if (closed) {
        return DONE;
      }
      state = now;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (now.mode() != before.mode() || now.basis() != before.basis()) {
      log.info("Mesh around: {}; {}", now, now.ownership().evidence());
    }
    return next(now);
  }

  private long next(MeshState now) {
    boolean settled =
        now.basis() == Basis.NOT_SEEN
            || now.basis().isSure() && now.readiness() != MeshState.Readiness.NOT_READY;
    if (settled) {
      return DONE;
    }
    if (isLate()) {
      return LATER_NANOS;
    }
    long wait = waitNanos;
    waitNanos = Math.min(2 * waitNanos, LONGEST_NANOS);
    return wait;
  }

  private MeshState look(boolean asks) {
    return told != null
        ? Look.told(around, told, by, asks)
        : Look.around(around, asks, isLate() ? Basis.NOT_SEEN : Basis.LOOKING);
  }

  private boolean isLate() {
    return around.nanoTime().getAsLong() - sinceNanos >= GRACE_NANOS;
  }

  /** Whether an answer that shows a proxy would be news. */
  public boolean listens() {
    return told == null && !heard && state.mode() == MeshMode.NONE;
  }

  /**
   * An answer came with a proxy's mark. Whose it is nobody knows, so it decides nothing, but
   * another look is taken.
   */
  public void hear(String mark) {
    lock.lock();
    try {
      if (heard || closed) {
        return;
      }
      heard = true;
      again = true;
      sinceNanos = around.nanoTime().getAsLong();
      waitNanos = FIRST_NANOS;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    log.debug("An answer shows a proxy: {}", mark);
    start();
  }

  /**
   * Waits until the local proxy takes requests: not at all where there is none to wait for.
   *
   * @return whether it does, or there is none
   * @throws InterruptedException if the thread is interrupted meanwhile
   */
  public boolean await(Duration most) throws InterruptedException {
    start();
    lock.lock();
    try {
      long left = requireNonNull(most, "most").toNanos();
      while (isWorthWaiting() && !closed) {
        if (left <= 0) {
          return false;
        }
        left = changed.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  private boolean isWorthWaiting() {
    MeshState now = state;
    LocalProxy proxy = LocalProxy.of(now.mode());
    if (now.mode() == MeshMode.NONE) {
      return now.basis() == Basis.LOOKING && around.isPod();
    }
    return proxy != null && proxy.ready() != null && now.readiness() != MeshState.Readiness.READY;
  }

  /**
   * Tells the local proxy to end: a job's pod is over only when its sidecar is.
   *
   * @return whether it was told; {@code false} where there is none, or it does not listen
   */
  public boolean quit() {
    LocalProxy proxy = LocalProxy.of(state.mode());
    if (proxy == null || proxy.quit() == null) {
      return false;
    }
    int status = proxy.quit().ask(around.prober());
    log.info("Local proxy told to end: {} answered {}", proxy.quit(), status);
    return status >= 200 && status < 300;
  }

  /** Ends the looking; what is known stays. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
      if (thread != null) {
        thread.interrupt();
      }
    } finally {
      lock.unlock();
    }
  }
}
