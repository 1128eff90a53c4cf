package io.meshclient.resilience;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * A token bucket. Tokens come in evenly, not in heaps at the end of an interval, as Envoy's do.
 *
 * <p>All there is to know is one number: since when the tokens that are there have been coming in.
 * Taking one moves that moment on by the time that a token takes. Times are counted in sixteenths
 * of a nanosecond, which is as exact as the time of a token is kept.
 *
 * <p>Safe from any thread. Takes no lock and allocates nothing.
 */
public final class RateLimiter {

  /** What {@link #reserve} says where the wait would be too long. */
  public static final long REFUSED = -1;

  private static final int FRACTION = 4;

  private final String name;
  private final RateLimit limit;
  private final LongSupplier clock;
  private final long start;
  private final long cost;
  private final long capacity;
  private final AtomicLong since;
  private final LongAdder rejections = new LongAdder();

  /**
   * A limiter that has its burst saved up.
   *
   * @param name what it limits, for people
   * @param clock monotonic, in nanoseconds
   */
  public RateLimiter(String name, RateLimit limit, LongSupplier clock) {
    this.name = requireNonNull(name, "name");
    this.limit = requireNonNull(limit, "limit");
    this.clock = requireNonNull(clock, "clock");
    this.start = clock.getAsLong();
    // Rounded up: never more than the limit.
    this.cost = ((limit.interval().toNanos() << FRACTION) + limit.tokens() - 1) / limit.tokens();
    this.capacity = cost * limit.burst();
    this.since = new AtomicLong(-capacity);
  }

  /** Takes a token; {@code false}, counted as a rejection, if there is none. */
  public boolean tryAcquire() {
    return reserve(0) == 0;
  }

  /**
   * Takes a token that is there, or the next one that no other has reserved.
   *
   * @param maxWaitNanos how long may be waited for it
   * @return when it comes, in nanoseconds from now, 0 for at once; or {@link #REFUSED}, counted as
   *     a rejection. Who does not wait in the end gives it back.
   */
  public long reserve(long maxWaitNanos) {
    while (true) {
      long now = now();
      long before = since.get();
      long after = Math.max(before, now - capacity) + cost;
      long wait = nanos(after - now);
      if (wait > maxWaitNanos) {
        rejections.increment();
        return REFUSED;
      }
      if (since.compareAndSet(before, after)) {
        return wait;
      }
    }
  }

  /** Gives a token back that was reserved, and not used. */
  public void giveBack() {
    since.addAndGet(-cost);
  }

  /** How many tokens there are. */
  public long remaining() {
    long saved = Math.min(capacity, now() - since.get());
    return Math.max(0, saved / cost);
  }

  /** When a token is there, in nanoseconds from now; 0 if one is. */
  public long nanosUntilNext() {
    return nanos(since.get() + cost - now());
  }

  /** When there is one token more than there is now, in nanoseconds from now; 0 if it is full. */
  public long nanosUntilMore() {
    long saved = now() - since.get();
    return saved >= capacity ? 0 : nanos(cost - Math.floorMod(saved, cost));
  }

  /** What a call that got no token throws. */
  public RateLimitedException refused() {
    return new RateLimitedException(name, Duration.ofNanos(nanosUntilNext()));
  }

  private long now() {
    return (clock.getAsLong() - start) << FRACTION;
  }

  /** In nanoseconds, rounded up. */
  private static long nanos(long time) {
    return time <= 0 ? 0 : (time + (1 << FRACTION) - 1) >> FRACTION;
  }

  /** What it limits, for people. */
  public String name() {
    return name;
  }

  /** The limit. */
  public RateLimit limit() {
    return limit;
  }

  /** How often no token was given, since it was made. */
  public long rejections() {
    return rejections.sum();
  }
}
