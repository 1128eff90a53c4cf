package io.meshclient.identity;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Keeps a stream of updates open, on a thread of its own: when it ends, it is asked for again. */
final class StreamLoop implements AutoCloseable {

  /** What is asked for, and what becomes of it. */
  interface Stream {
    /** A call that is not sent yet. */
    GrpcCall open();

    /**
     * Takes an update.
     *
     * @throws IdentityException if it is no good; the stream goes on
     */
    void update(GrpcCall call, byte[] message) throws IdentityException;

    /** An update was no good, or the stream has ended. */
    void failed(IdentityException why);
  }

  private final Stream stream;
  private final Backoff backoff;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile @Nullable GrpcCall current;
  private int failures;

  StreamLoop(Stream stream, Backoff backoff) {
    this.stream = stream;
    this.backoff = backoff;
  }

  void start(String threadName) {
    Thread thread = new Thread(this::run, threadName);
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    try {
      while (true) {
        IdentityException end = readToTheEnd();
        if (closed.getCount() == 0) {
          return;
        }
        stream.failed(end);
        if (end instanceof GrpcStatusException status && status.isFinal()) {
          return;
        }
        if (closed.await(backoff.nanos(failures++), TimeUnit.NANOSECONDS)) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Why it ended. */
  private IdentityException readToTheEnd() {
    try (GrpcCall call = stream.open()) {
      current = call;
      if (closed.getCount() == 0) {
        return new IdentityException("closed");
      }
      for (byte[] message = call.next(); message != null; message = call.next()) {
        take(call, message);
      }
      return new IdentityException("the server ended the stream");
    } catch (IdentityException e) {
      return e;
    } catch (RuntimeException e) {
      return new IdentityException("the stream failed: " + Quoted.messageOf(e), e);
    }
  }

  private void take(GrpcCall call, byte[] message) {
    try {
      stream.update(call, message);
      failures = 0;
    } catch (IdentityException e) {
      stream.failed(e);
    }
  }

  @Override
  public void close() {
    closed.countDown();
    GrpcCall call = current;
    if (call != null) {
      call.cancel();
    }
  }
}
