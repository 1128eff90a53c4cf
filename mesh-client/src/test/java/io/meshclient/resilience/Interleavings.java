package io.meshclient.resilience;

import java.util.Objects;
import org.jetbrains.lincheck.Lincheck;

/**
 * Runs a few threads under a model checker, which decides after each access to shared memory who
 * goes on. What a scenario expects is checked when its threads have ended, in plain Java: an
 * assertion library would be followed access by access as well.
 */
final class Interleavings {
  private static final int HOW_MANY = Integer.getInteger("meshclient.breaker.interleavings", 100);

  private Interleavings() {}

  /**
   * @param scenario sets up, runs threads by {@link #together} and checks what they left
   */
  static void each(Runnable scenario) {
    Lincheck.runConcurrentTest(HOW_MANY, scenario);
  }

  /** Runs each part in a thread of its own, and returns when all have ended. */
  static void together(Runnable... parts) {
    Thread[] threads = new Thread[parts.length];
    for (int i = 0; i < parts.length; i++) {
      threads[i] = new Thread(parts[i]);
      threads[i].start();
    }
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  static void expect(String what, Object actual, Object expected) {
    if (!Objects.equals(actual, expected)) {
      throw new AssertionError(what + ": " + actual + " (expected: " + expected + ")");
    }
  }

  static void expect(String what, boolean holds) {
    if (!holds) {
      throw new AssertionError(what + " (expected, and is not so)");
    }
  }
}
