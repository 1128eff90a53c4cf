package io.meshclient.resilience;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The outcomes of the last calls, in a ring. A place in the ring is taken by counting on, filled by
 * an exchange, and the totals move by the difference: so they always add up to what the ring holds,
 * however threads interleave, and a success that replaces a success touches no total.
 */
final class CountWindow implements OutcomeWindow {
  /** Totals share a word: calls, failures and slow calls, 21 bits each. */
  private static final int BITS = 21;

  private static final long PART = (1L << BITS) - 1;

  private final Rates rates;
  private final AtomicIntegerArray ring;
  private final AtomicLong next = new AtomicLong();
  private final AtomicLong totals = new AtomicLong();

  CountWindow(int size, Rates rates, BreakerCounts held) {
    this.rates = rates;
    this.ring = new AtomicIntegerArray(size);
    double share = held.calls() > size ? (double) size / held.calls() : 1;
    long calls = Math.round(held.calls() * share);
    long failures = Math.round(held.failures() * share);
    long slow = Math.round(held.slow() * share);
    for (int i = 0; i < calls; i++) {
      put(Outcome.SEEN | (i < failures ? Outcome.FAILED : 0) | (i < slow ? Outcome.SLOW : 0));
    }
  }

  @Override
  public boolean record(int outcome, long now, long slowInFlight) {
    long after = put(outcome);
    return Outcome.isBad(outcome) && isOver(after, slowInFlight);
  }

  private long put(int outcome) {
    int place = (int) (next.getAndIncrement() % ring.length());
    int before = ring.getAndSet(place, outcome);
    return before == outcome ? totals.get() : totals.addAndGet(weight(outcome) - weight(before));
  }

  private static long weight(int outcome) {
    return (outcome & Outcome.SEEN)
        | (long) (outcome & Outcome.FAILED) >> 1 << BITS
        | (long) (outcome & Outcome.SLOW) >> 2 << 2 * BITS;
  }

  private boolean isOver(long packed, long slowInFlight) {
    return rates.areOver(
        packed & PART, packed >> BITS & PART, packed >> 2 * BITS & PART, slowInFlight);
  }

  @Override
  public boolean isTooSlow(long now, long slowInFlight) {
    return isOver(totals.get(), slowInFlight);
  }

  @Override
  public BreakerCounts counts(long now) {
    long packed = totals.get();
    return new BreakerCounts(packed & PART, packed >> BITS & PART, packed >> 2 * BITS & PART, 0);
  }
}
