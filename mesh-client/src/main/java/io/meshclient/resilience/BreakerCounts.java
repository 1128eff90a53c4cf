package io.meshclient.resilience;

/**
 * What a breaker's window holds. With {@link BreakerSettings.Consecutive} these are the failures in
 * a row.
 *
 * @param calls outcomes looked at
 * @param failures those that failed
 * @param slow those that were slow
 * @param slowInFlight calls that are slow already and have not ended
 */
public record BreakerCounts(long calls, long failures, long slow, long slowInFlight) {

  static final BreakerCounts NONE = new BreakerCounts(0, 0, 0, 0);

  /** The share of failures in percent; 0 without calls. */
  public double failureRate() {
    return calls == 0 ? 0 : 100.0 * failures / calls;
  }

  /** The share of slow calls in percent, those in flight with them; 0 without calls. */
  public double slowRate() {
    long all = calls + slowInFlight;
    return all == 0 ? 0 : 100.0 * (slow + slowInFlight) / all;
  }
}
