package io.meshclient;

import io.meshclient.identity.SnapshotTls;
import io.meshclient.policy.PoolLimits;
import io.opentelemetry.context.Context;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.EventListener;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * Listens to one call: the context it was made in, whether the present try got a connection, and
 * whether the call was cancelled. Events come on the call's thread, but for cancellation, which
 * comes from any.
 */
final class CallEvents extends EventListener {

  /** A context that a request carries by itself. */
  record Tag(Context context) {}

  /**
   * OkHttp asks for a call's listener within {@code newCall}, on the caller's thread: the one place
   * where an enqueued call's context can be taken without the application's help.
   */
  record Factory(
      EventListener.Factory applications,
      IdleConnections idle,
      @Nullable RotatedConnections rotated)
      implements EventListener.Factory {
    @Override
    public EventListener create(Call call) {
      EventListener own = new CallEvents(Context.current(), idle, rotated);
      EventListener theirs = applications.create(call);
      return theirs == EventListener.NONE ? own : own.plus(theirs);
    }
  }

  /** OkHttp's own clock of a call may be ahead of its first event by this much. */
  private static final long BEFORE_START = 50_000_000;

  private final Context context;
  private final IdleConnections idle;
  private volatile long startNanos = System.nanoTime();
  private final @Nullable RotatedConnections rotated;
  private volatile boolean canceled;
  private volatile @Nullable Thread sleeper;
  private volatile @Nullable Connection connection;
  private volatile boolean fresh;
  private volatile boolean sending;
  private volatile @Nullable Runnable onCancel;
  private volatile @Nullable PoolLimits limits;
  private volatile ConnectionLives.@Nullable Use use;

  private volatile boolean stale;
  private volatile @Nullable Watchdog watchdog;
  private volatile @Nullable Call second;
  private volatile boolean delegated;
  private volatile @Nullable SnapshotTls mutual;

  private CallEvents(Context context, IdleConnections idle, @Nullable RotatedConnections rotated) {
    this.context = context;
    this.idle = idle;
    this.rotated = rotated;
  }

  /** A call's events; where an application put its own listeners in their place, from now on. */
  static CallEvents of(Call call) {
    CallEvents known = call.tag(CallEvents.class);
    if (known != null) {
      return known;
    }
    CallEvents late =
        new CallEvents(Context.current(), new IdleConnections(MeshClock.SYSTEM), null);
    call.addEventListener(late);
    return late;
  }

  /** The context of the thread that made the call, unless its request carries one. */
  Context context(Request request) {
    Tag tag = request.tag(Tag.class);
    return tag == null ? context : tag.context;
  }

  /** A call has no tags before this. */
  @Override
  public void callStart(Call call) {
    startNanos = System.nanoTime();
    call.tag(CallEvents.class, () -> this);
  }

  /**
   * Whether the caller gave the call up. OkHttp cancels a call too whose timeout is over: that one
   * has failed.
   */
  boolean isGivenUp(Call call) {
    long timeout = call.timeout().timeoutNanos();
    long slack = Math.min(BEFORE_START, timeout / 4);
    boolean timeIsUp = timeout > 0 && System.nanoTime() - startNanos >= timeout - slack;
    return call.isCanceled() && !timeIsUp;
  }

  /** Listens to a branch of this call. */
  CallEvents ofBranch() {
    return new CallEvents(context, idle, rotated);
  }

  /**
   * Branches do the work from here on, until a try of this call's own: what is heard of them is for
   * the application's listeners alone.
   *
   * @param cancel ends them
   */
  void delegate(Runnable cancel) {
    delegated = true;
    onCancel(cancel);
  }

  /** A new try begins. */
  void reset() {
    delegated = false;
    connection = null;
    fresh = false;
    sending = false;
    stale = false;
    second = null;
  }

  /** Whether the present try has, or had, a connection to send its request on. */
  boolean connected() {
    return connection != null;
  }

  /** Whether the present try has a connection from the pool, and has sent nothing on it yet. */
  boolean foundClosed() {
    return connection != null && !fresh && !sending;
  }

  @Override
  public void requestHeadersStart(Call call) {
    sending = !delegated;
  }

  /** Whether that connection was made for it, rather than taken from the pool. */
  boolean fresh() {
    return fresh;
  }

  @Override
  public void connectStart(Call call, InetSocketAddress address, Proxy proxy) {
    fresh = !delegated;
  }

  @Override
  public void connectionAcquired(Call call, Connection connection) {
    if (delegated) {
      return;
    }
    this.connection = connection;
    stale = !idle.acquired(connection);
    SnapshotTls tls = mutual;
    if (rotated != null && tls != null && !rotated.acquired(connection, tls)) {
      stale = true;
    }
    Watchdog guard = watchdog;
    if (guard != null) {
      guard.acquired(connection);
    }
  }

  @Override
  public void connectionReleased(Call call, Connection connection) {
    if (delegated) {
      return;
    }
    idle.released(connection);
    if (rotated != null) {
      rotated.released(connection);
    }
  }

  /** Whether the server had closed the try's connection while it lay idle: nothing was sent. */
  boolean stale() {
    return stale;
  }

  /** The present try got no answer on the connection it had. */
  void failed() {
    Connection used = connection;
    if (used != null && !fresh) {
      idle.suspect(used);
    }
  }

  /** What ends the present try; {@code null} for nothing. */
  void watchdog(@Nullable Watchdog newer) {
    watchdog = newer;
  }

  /** What the present try goes out by, if that is mutual TLS. */
  void mutual(@Nullable SnapshotTls tls) {
    mutual = tls;
  }

  @Nullable SnapshotTls mutual() {
    return mutual;
  }

  /** The connection of the present try, or of the last one. */
  @Nullable Connection connection() {
    return connection;
  }

  @Override
  public void canceled(Call call) {
    canceled = true;
    Thread waiting = sleeper;
    if (waiting != null) {
      LockSupport.unpark(waiting);
    }
    end();
    Runnable release = onCancel;
    if (release != null) {
      release.run();
    }
  }

  /**
   * Waits in full.
   *
   * @param why what the wait is for, as the end of "interrupted while"
   * @throws IOException on cancel and on interrupt, at once
   */
  void pause(Call call, long nanos, String why) throws IOException {
    if (sleep(call, nanos)) {
      return;
    }
    if (Thread.currentThread().isInterrupted() && !call.isCanceled()) {
      throw new InterruptedIOException("interrupted while " + why);
    }
    throw new IOException("Canceled");
  }

  /**
   * Waits, unless the call is cancelled.
   *
   * @return whether the time was waited in full: {@code false} on cancel and on interrupt
   */
  private boolean sleep(Call call, long nanos) {
    return waitWhile(() -> true, call, nanos);
  }

  /**
   * Waits for what unparks this thread, unless the call is cancelled.
   *
   * @param waiting whether it has not come yet
   * @return whether it came, or the time was waited in full: {@code false} on cancel and on
   *     interrupt
   */
  boolean waitWhile(BooleanSupplier waiting, Call call, long nanos) {
    long start = System.nanoTime();
    sleeper = Thread.currentThread();
    try {
      while (!canceled && !call.isCanceled() && !Thread.currentThread().isInterrupted()) {
        long left = nanos - (System.nanoTime() - start);
        if (left <= 0 || !waiting.getAsBoolean()) {
          return true;
        }
        LockSupport.parkNanos(this, left);
      }
      return false;
    } finally {
      sleeper = null;
    }
  }

  /** The call that does this one's work from now on, and ends with it. */
  void second(Call call) {
    second = call;
    Watchdog guard = watchdog;
    if (canceled || guard != null && guard.isLate()) {
      call.cancel();
    }
  }

  /** Ends the present try, if a call of its own does its work; whether one does. */
  boolean end() {
    Call working = second;
    if (working == null) {
      return false;
    }
    working.cancel();
    return true;
  }

  /** What the present try's destination allows its connections. */
  void limits(@Nullable PoolLimits allowed) {
    limits = allowed;
    use = null;
  }

  @Nullable PoolLimits limits() {
    return limits;
  }

  /** The present try's use of a connection whose life is limited. */
  void use(ConnectionLives.Use begun) {
    endUse();
    use = begun;
  }

  /** That use is over, if there is one. */
  void endUse() {
    ConnectionLives.Use begun = use;
    if (begun != null) {
      begun.end();
    }
  }

  ConnectionLives.@Nullable Use use() {
    return use;
  }

  /** The same, beside what inner stages have asked for. */
  void alsoOnCancel(Runnable release) {
    Runnable inner = onCancel;
    onCancel(
        inner == null
            ? release
            : () -> {
              inner.run();
              release.run();
            });
  }

  /** What a cancellation sets free at once, rather than when the application closes its answer. */
  void onCancel(Runnable release) {
    onCancel = release;
    if (canceled) {
      release.run();
    }
  }
}
