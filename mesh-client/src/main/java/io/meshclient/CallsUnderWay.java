package io.meshclient;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * How many calls have no answer yet, for whoever waits until there is none. Safe from any thread;
 * calls take no lock.
 */
final class CallsUnderWay {
  private static final long LOOK_NANOS = 5_000_000;

  private final LongAdder calls = new LongAdder();

  void begin() {
    calls.increment();
  }

  void end() {
    calls.decrement();
  }

  /** Waits until all are over, the time is up, or the thread is interrupted. */
  void drain(Duration most) {
    long start = System.nanoTime();
    while (calls.sum() > 0
        && System.nanoTime() - start < most.toNanos()
        && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(this, LOOK_NANOS); // who ends a call must not have to wake anybody
    }
  }
}
