package io.meshclient.resilience;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The outcomes of the last calls, in a ring. A place in the ring is taken by counting on, filled by
 * an exchange, and the totals move by the difference: so they always add up to what the ring holds,
 * however threads interleave, and a success that replaces a success touches no total.
 */
final class CountWindow implements OutcomeWindow {
  /** Totals share a word: calls, failures and slow calls, 21 bits each. */
  private static final int BITS = 21;

  private static final long PART = (1L << BITS) - 1;

  /**
   * What each part of the totals starts from. A part is below it for as long as a thread that was
   * overtaken by a whole round of the ring has not brought its own difference; from zero it would
   * borrow from the part above, and look like two million failures.
   */
  private static final long ZERO = 1L << BITS - 1;

  private final Rates rates;
  private final AtomicIntegerArray ring;
  private final AtomicLong next;
  private final AtomicLong totals;

  CountWindow(int size, Rates rates, BreakerCounts held) {
    this.rates = rates;
    this.ring = new AtomicIntegerArray(size);
    this.next = new AtomicLong();
    this.totals = new AtomicLong(ZERO | ZERO << BITS | ZERO << 2 * BITS);
    double share = held.calls() > size ? (double) size / held.calls() : 1;
    long calls = Math.round(held.calls() * share);
    long failures = Math.round(held.failures() * share);
    long slow = Math.round(held.slow() * share);
    for (int i = 0; i < calls; i++) {
      put(Outcome.SEEN | (i < failures ? Outcome.FAILED : 0) | (i < slow ? Outcome.SLOW : 0));
    }
  }

  private CountWindow(CountWindow shared, Rates rates) {
    this.rates = rates;
    this.ring = shared.ring;
    this.next = shared.next;
    this.totals = shared.totals;
  }

  @Override
  public boolean record(int outcome, long now, long slowInFlight) {
    long after = put(outcome);
    return Outcome.isBad(outcome) && isOver(after, slowInFlight);
  }

  /** What the totals are after it; 0 where that can matter to nobody. */
  private long put(int outcome) {
    int place = (int) (next.getAndIncrement() % ring.length());
    // An exchange for the same would change nothing; a read leaves the ring with all cores' caches.
    int before = ring.get(place) == outcome ? outcome : ring.getAndSet(place, outcome);
    if (before != outcome) {
      return totals.addAndGet(weight(outcome) - weight(before));
    }
    return Outcome.isBad(outcome) ? totals.get() : 0;
  }

  private static long weight(int outcome) {
    return (outcome & Outcome.SEEN)
        | (long) (outcome & Outcome.FAILED) >> 1 << BITS
        | (long) (outcome & Outcome.SLOW) >> 2 << 2 * BITS;
  }

  private boolean isOver(long packed, long slowInFlight) {
    return rates.areOver(part(packed, 0), part(packed, 1), part(packed, 2), slowInFlight);
  }

  private static long part(long packed, int index) {
    return Math.max(0, (packed >> index * BITS & PART) - ZERO);
  }

  @Override
  public boolean isTooSlow(long now, long slowInFlight) {
    return isOver(totals.get(), slowInFlight);
  }

  @Override
  public BreakerCounts counts(long now) {
    long packed = totals.get();
    return new BreakerCounts(part(packed, 0), part(packed, 1), part(packed, 2), 0);
  }

  @Override
  public @Nullable OutcomeWindow sharing(BreakerSettings newer) {
    return newer.window() instanceof BreakerSettings.Calls calls && calls.size() == ring.length()
        ? new CountWindow(this, Rates.of(newer))
        : null;
  }
}
