package io.meshclient.resilience;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When a {@link CircuitBreaker} opens, for how long, and how it finds out that it may close. A
 * value: safe to share, and changed by copies.
 *
 * <pre>{@code
 * BreakerSettings.consecutive(3).openFor(Duration.ofSeconds(60));
 * BreakerSettings.overCalls(100, 20, 50).slowCalls(Duration.ofSeconds(2), 80).probes(5);
 * }</pre>
 *
 * @param window which outcomes are looked at
 * @param failureRate the share of failures that opens, in percent; not used by {@link Consecutive}
 * @param slowCall how long a call may take before it is slow; {@code null} if none is
 * @param slowRate the share of slow calls that opens, in percent
 * @param openTime how long the breaker stays open the first time
 * @param growth what the open time is multiplied by each time that the probes fail
 * @param longestOpenTime what the open time grows to at most, before jitter
 * @param jitter the share by which an open time is made longer or shorter at random, 0 to 1
 * @param probes how many calls are let through, at once and in all, to find out whether to close
 * @param probeLease after how long a probe that did not come back is given up
 */
public record BreakerSettings(
    Window window,
    double failureRate,
    @Nullable Duration slowCall,
    double slowRate,
    Duration openTime,
    double growth,
    Duration longestOpenTime,
    double jitter,
    int probes,
    Duration probeLease) {

  /** Which outcomes are looked at. */
  public sealed interface Window {}

  /** Opens after so many failures in a row. */
  public record Consecutive(int failures) implements Window {
    public Consecutive {
      check("failures", failures, 1, MOST_CALLS);
    }
  }

  /** Looks at the last calls, once there are a minimum of them. */
  public record Calls(int size, int minimum) implements Window {
    public Calls {
      check("size", size, 1, MOST_CALLS);
      check("minimum", minimum, 1, size);
    }
  }

  /**
   * Looks at the calls that ended within a time, once there are a minimum of them. The time slides
   * by a tenth of itself.
   */
  public record Time(Duration length, int minimum) implements Window {
    public Time {
      check("length", length, Duration.ofMillis(10), Duration.ofDays(1));
      check("minimum", minimum, 1, Integer.MAX_VALUE);
    }
  }

  private static final int MOST_CALLS = 1_000_000;
  private static final Duration MOST_TIME = Duration.ofDays(30);

  /** Three failures in a row, 60 seconds, one probe: the values of "Service Mesh with Istio". */
  public static final BreakerSettings GUIDE =
      consecutive(3).openFor(Duration.ofSeconds(60)).growing(1, Duration.ofSeconds(60)).jitter(0);

  public BreakerSettings {
    requireNonNull(window, "window");
    check("failureRate", failureRate, 0, 100);
    if (!(failureRate > 0)) {
      throw new IllegalArgumentException("failureRate: " + failureRate + " (expected: over 0)");
    }
    if (slowCall != null) {
      check("slowCall", slowCall, Duration.ofMillis(1), Duration.ofDays(1));
      if (window instanceof Consecutive) {
        throw new IllegalArgumentException(
            "slowCall: " + slowCall + " (expected: none with consecutive failures; use a rate)");
      }
    }
    check("slowRate", slowRate, 0, 100);
    if (!(slowRate > 0)) {
      throw new IllegalArgumentException("slowRate: " + slowRate + " (expected: over 0)");
    }
    check("openTime", openTime, Duration.ofMillis(1), MOST_TIME);
    check("growth", growth, 1, 1000);
    check("longestOpenTime", longestOpenTime, openTime, MOST_TIME);
    check("jitter", jitter, 0, 1);
    check("probes", probes, 1, 10_000);
    check("probeLease", probeLease, Duration.ofMillis(1), MOST_TIME);
  }

  /** Opens after so many failures in a row. */
  public static BreakerSettings consecutive(int failures) {
    return of(new Consecutive(failures), 100);
  }

  /**
   * Opens when that share of the last {@code size} calls failed, once there were {@code minimum}.
   *
   * @param failureRate in percent, over 0
   */
  public static BreakerSettings overCalls(int size, int minimum, double failureRate) {
    return of(new Calls(size, minimum), failureRate);
  }

  /**
   * Opens when that share of the calls that ended within {@code length} failed, once there were
   * {@code minimum}.
   *
   * @param failureRate in percent, over 0
   */
  public static BreakerSettings overTime(Duration length, int minimum, double failureRate) {
    return of(new Time(length, minimum), failureRate);
  }

  private static BreakerSettings of(Window window, double failureRate) {
    return new BreakerSettings(
        window,
        failureRate,
        null,
        100,
        Duration.ofSeconds(60),
        2,
        Duration.ofMinutes(10),
        0.1,
        1,
        Duration.ofSeconds(60));
  }

  /**
   * Counts calls that take longer as slow, those in flight too, and opens when that share is slow.
   *
   * @param rate in percent, over 0
   */
  public BreakerSettings slowCalls(Duration longerThan, double rate) {
    return new BreakerSettings(
        window,
        failureRate,
        longerThan,
        rate,
        openTime,
        growth,
        longestOpenTime,
        jitter,
        probes,
        probeLease);
  }

  /** How long the breaker stays open the first time; the longest time is raised if need be. */
  public BreakerSettings openFor(Duration time) {
    return new BreakerSettings(
        window,
        failureRate,
        slowCall,
        slowRate,
        time,
        growth,
        longestOpenTime.compareTo(time) < 0 ? time : longestOpenTime,
        jitter,
        probes,
        probeLease);
  }

  /** Multiplies the open time each time that the probes fail, up to {@code longest}. */
  public BreakerSettings growing(double factor, Duration longest) {
    return new BreakerSettings(
        window,
        failureRate,
        slowCall,
        slowRate,
        openTime,
        factor,
        longest,
        jitter,
        probes,
        probeLease);
  }

  /** Makes each open time longer or shorter by up to this share, 0 to 1. */
  public BreakerSettings jitter(double share) {
    return new BreakerSettings(
        window,
        failureRate,
        slowCall,
        slowRate,
        openTime,
        growth,
        longestOpenTime,
        share,
        probes,
        probeLease);
  }

  /** How many calls are let through, at once and in all, to find out whether to close. */
  public BreakerSettings probes(int calls) {
    return new BreakerSettings(
        window,
        failureRate,
        slowCall,
        slowRate,
        openTime,
        growth,
        longestOpenTime,
        jitter,
        calls,
        probeLease);
  }

  /** After how long a probe that did not come back is given up. */
  public BreakerSettings probeLease(Duration time) {
    return new BreakerSettings(
        window,
        failureRate,
        slowCall,
        slowRate,
        openTime,
        growth,
        longestOpenTime,
        jitter,
        probes,
        time);
  }

  /** Of this many probes, whether so many failures are too many to close. */
  boolean tooManyFail(int failed, int ofProbes) {
    return failed > 0
        && (window instanceof Consecutive || failed * 100.0 >= failureRate * ofProbes);
  }

  private static void check(String name, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new IllegalArgumentException(
          name + ": " + plain(value) + " (expected: " + plain(least) + ".." + plain(most) + ")");
    }
  }

  private static String plain(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }

  private static void check(String name, Duration value, Duration least, Duration most) {
    requireNonNull(value, name);
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          name + ": " + value + " (expected: " + least + " to " + most + ")");
    }
  }
}
