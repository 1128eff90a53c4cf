package io.meshclient.resilience;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Bounds retries to a share of the requests, so that they cannot multiply the load of a destination
 * that is failing already. Every request adds a share of a retry, time adds some more so that quiet
 * clients may retry too, and every retry takes a whole one; no more than a burst is saved up. After
 * Finagle's retry budget, whose values are the defaults: 20 % of the requests and 10 a second.
 *
 * <p>Safe from any thread. Takes no lock and allocates nothing.
 */
public final class RetryBudget {

  /** What a request adds, a second adds, and the most that is saved up. */
  public record Settings(double ratio, double perSecond, double burst) {

    /** 20 % of the requests, 10 a second, 100 saved up. */
    public static final Settings DEFAULT = new Settings(0.2, 10, 100);

    public Settings {
      check("ratio", ratio);
      check("perSecond", perSecond);
      check("burst", burst);
    }

    private static void check(String name, double value) {
      if (!(value >= 0 && value <= 1_000_000)) {
        throw new IllegalArgumentException(name + ": " + value + " (expected: 0..1000000)");
      }
    }
  }

  /** Retries are counted in thousandths. */
  private static final long WHOLE = 1000;

  private final LongSupplier clock;
  private final long ofRequest;
  private final double ofNano;
  private final long most;
  private final AtomicLong balance;
  private final AtomicLong filledAt;

  /**
   * A budget that has its burst saved up.
   *
   * @param clock monotonic, in nanoseconds
   */
  public RetryBudget(Settings settings, LongSupplier clock) {
    this.clock = clock;
    this.ofRequest = Math.round(settings.ratio() * WHOLE);
    this.ofNano = settings.perSecond() * WHOLE / 1e9;
    this.most = Math.round(settings.burst() * WHOLE);
    this.balance = new AtomicLong(most);
    this.filledAt = new AtomicLong(clock.getAsLong());
  }

  /** A request begins. */
  public void request() {
    add(ofRequest);
  }

  /** Takes a retry; {@code false} if there is none left. */
  public boolean tryRetry() {
    fill();
    for (long now = balance.get(); now >= WHOLE; now = balance.get()) {
      if (balance.compareAndSet(now, now - WHOLE)) {
        return true;
      }
    }
    return false;
  }

  /** How many retries could be made at once. */
  public long available() {
    fill();
    return balance.get() / WHOLE;
  }

  private void fill() {
    long before = filledAt.get();
    long passed = clock.getAsLong() - before;
    long earned = (long) (passed * ofNano);
    if (earned <= 0) {
      return;
    }
    // Only the time that was paid for is over; the rest waits, or many looks would earn too little.
    long paid = Math.min(passed, (long) Math.ceil(earned / ofNano));
    // The thread that moves the time adds what it brought.
    if (filledAt.compareAndSet(before, before + paid)) {
      add(Math.min(earned, most));
    }
  }

  private void add(long amount) {
    for (long now = balance.get(); now < most; now = balance.get()) {
      if (balance.compareAndSet(now, Math.min(most, now + amount))) {
        return;
      }
    }
  }
}
