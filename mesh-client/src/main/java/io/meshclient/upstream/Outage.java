package io.meshclient.upstream;

import io.meshclient.policy.Ejection;

/**
 * Since when an endpoint is out, and how often it was of late: each time it is out for longer, and
 * each quiet interval takes one time off again. To be changed by one thread at a time.
 */
final class Outage {
  private volatile int ejections;
  private long since;
  private int multiplier;

  int ejections() {
    return ejections;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // one thread at a time writes
  void begin(long now, Ejection ejection) {
    since = now;
    ejections++;
    if ((multiplier - 1) * ejection.base() < ejection.max()) {
      multiplier++;
    }
  }

  /**
   * Plays sweeps that are due.
   *
   * @param first when the first of them was due
   * @param sweeps how many, an interval apart
   * @param out whether the endpoint is out
   * @return whether it is still
   */
  boolean sweep(long first, long sweeps, boolean out, Ejection ejection) {
    long quiet = sweeps;
    if (out) {
      long until = since + Math.min(ejection.base() * multiplier, ejection.max());
      long early = until - first <= 0 ? 0 : (until - first - 1) / ejection.interval() + 1;
      if (early >= sweeps) {
        return true;
      }
      quiet = sweeps - early - 1;
    }
    multiplier = (int) Math.max(0, multiplier - quiet);
    return false;
  }
}
