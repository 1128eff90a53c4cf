package io.meshclient.resilience;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * When a second try of an idempotent request goes out beside the first: where no headers of an
 * answer have come within a delay. A value: safe to share, and changed by copies.
 *
 * <pre>{@code
 * Hedging.after(Duration.ofMillis(50));
 * }</pre>
 *
 * <p>The delay is best the time within which 95 of 100 answers come: then one request in twenty
 * costs a second one.
 *
 * @param delay how long the tries under way have for their headers before another goes out
 * @param extraTries how many tries may go out beside the first, for a call in all; 0 for none
 */
public record Hedging(Duration delay, int extraTries) {
  private static final Duration LEAST = Duration.ofMillis(1);
  private static final Duration MOST = Duration.ofHours(1);
  private static final int MOST_TRIES = 10;

  /** No hedging: excepts a destination, or as a tag of a request that request. */
  public static final Hedging NONE = new Hedging(MOST, 0);

  public Hedging {
    requireNonNull(delay, "delay");
    if (delay.compareTo(LEAST) < 0 || delay.compareTo(MOST) > 0) {
      throw new IllegalArgumentException(
          "delay: " + delay + " (expected: " + LEAST + " to " + MOST + ")");
    }
    if (extraTries < 0 || extraTries > MOST_TRIES) {
      throw new IllegalArgumentException(
          "extraTries: " + extraTries + " (expected: 0.." + MOST_TRIES + ")");
    }
  }

  /** One more try after a delay. */
  public static Hedging after(Duration delay) {
    return new Hedging(delay, 1);
  }

  /** So many more tries, each a delay after the one before. */
  public Hedging extraTries(int tries) {
    return new Hedging(delay, tries);
  }
}
