package io.meshclient.server;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes of a request's body and of its answer's have passed. Safe from any thread: a
 * handler may read on one, and write on another.
 */
final class BodyBytes {
  private final AtomicLong read = new AtomicLong();
  private final AtomicLong written = new AtomicLong();

  void read(long count) {
    if (count > 0) { // the end is no byte
      read.addAndGet(count);
    }
  }

  void written(long count) {
    written.addAndGet(count);
  }

  /** What was written was not sent yet, and is not going to be. */
  void discarded() {
    written.set(0);
  }

  long read() {
    return read.get();
  }

  long written() {
    return written.get();
  }
}
