package io.meshclient.policy;

/**
 * When an endpoint that fails is left out for a while: Envoy's outlier detection as Istio sets it
 * up. Counts of 0 are off; times are in nanoseconds.
 *
 * @param consecutive5xx answers of 500 and above, one after the other
 * @param consecutiveGateway answers of 502, 503 and 504, one after the other
 * @param consecutiveLocal failures to connect, resets and timeouts, one after the other, where they
 *     count apart
 * @param split whether they count apart; else as answers of 503 and 504
 * @param interval how often it is looked at who returns
 * @param base for how long an endpoint is out, times how often it was ejected of late
 * @param max how long it is out at most
 * @param maxPercent of the cluster's endpoints, how many may be out
 */
public record Ejection(
    int consecutive5xx,
    int consecutiveGateway,
    int consecutiveLocal,
    boolean split,
    long interval,
    long base,
    long max,
    int maxPercent) {

  /** Whether one more of so many endpoints may go, with these out already. */
  public boolean allows(int ejected, int endpoints) {
    return 100.0 * (ejected + 1) / endpoints <= maxPercent;
  }
}
