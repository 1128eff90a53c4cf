package io.meshclient.cli.proxy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection that can be watched while its request is handled. Jetty does not read then,
 * and so would not see the end; this reads ahead, and keeps what it finds for Jetty.
 */
final class WatchedEndPoint extends SocketChannelEndPoint {
  private static final int AHEAD_BYTES = 4_096;

  private final Executor executor;
  private final ReentrantLock lock = new ReentrantLock();
  private ByteBuffer ahead = BufferUtil.EMPTY_BUFFER;
  private boolean ended;
  private @Nullable Watch watch;

  WatchedEndPoint(
      SocketChannel channel,
      ManagedSelector selector,
      SelectionKey key,
      Scheduler scheduler,
      Executor executor) {
    super(channel, selector, key, scheduler);
    this.executor = executor;
  }

  /**
   * Watches from now on, until {@link #unwatch}. The request has to have been read to its end.
   *
   * @param gone is run at most once, when the client has closed its side
   */
  void watch(Runnable gone) {
    lock.lock();
    try {
      Watch next = new Watch(gone);
      if (tryFillInterested(next)) {
        watch = next;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Jetty may read again: to be called before the answer ends. */
  void unwatch() {
    lock.lock();
    try {
      if (watch != null) {
        watch = null;
        getFillInterest().onFail(new IOException("no longer watched"));
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int fill(ByteBuffer buffer) throws IOException {
    lock.lock();
    try {
      if (ahead.hasRemaining()) {
        int position = BufferUtil.flipToFill(buffer);
        int count = BufferUtil.put(ahead, buffer);
        BufferUtil.flipToFlush(buffer, position);
        return count;
      }
    } finally {
      lock.unlock();
    }
    return super.fill(buffer);
  }

  /** What was read ahead makes no more noise in the selector. */
  @Override
  protected void needsFillInterest() {
    if (ahead.hasRemaining() || ended) {
      executor.execute(() -> getFillInterest().fillable());
    } else {
      super.needsFillInterest();
    }
  }

  private void readable(Watch from) {
    lock.lock();
    try {
      if (watch != from) {
        return;
      }
      watch = null;
      ByteBuffer buffer = BufferUtil.allocate(AHEAD_BYTES);
      int count = super.fill(buffer);
      if (count > 0) {
        ahead = buffer;
        return;
      }
      if (count == 0) {
        watch(from.gone);
        return;
      }
      ended = true;
    } catch (IOException e) {
      ended = true;
    } finally {
      lock.unlock();
    }
    from.gone.run();
  }

  private void failed(Watch from) {
    lock.lock();
    try {
      if (watch != from) {
        return;
      }
      watch = null;
    } finally {
      lock.unlock();
    }
    from.gone.run();
  }

  private final class Watch implements Callback {
    private final Runnable gone;

    Watch(Runnable gone) {
      this.gone = gone;
    }

    @Override
    public void succeeded() {
      readable(this);
    }

    @Override
    public void failed(Throwable cause) {
      WatchedEndPoint.this.failed(this);
    }

    @Override
    public InvocationType getInvocationType() {
      return InvocationType.NON_BLOCKING;
    }
  }
}
