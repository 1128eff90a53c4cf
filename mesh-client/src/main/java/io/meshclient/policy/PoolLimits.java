package io.meshclient.policy;

import org.jspecify.annotations.Nullable;

/**
 * What a cluster's connection pool allows at once: Istio's connectionPool and retryBudget, Envoy's
 * circuit breakers. Times are in nanoseconds.
 *
 * @param maxConnections {@link #UNLIMITED} unless a rule says otherwise, as are the next three
 * @param maxPending requests that wait for a connection
 * @param maxRequests requests on connections
 * @param maxRetries retries under way; without meaning where there is a budget
 * @param retryBudget {@code null} for none
 * @param life how long, and for how many requests, a connection is used
 * @param keepalive {@code null} where TCP's keep-alive is left as it is
 */
public record PoolLimits(
    int maxConnections,
    int maxPending,
    int maxRequests,
    int maxRetries,
    @Nullable RetryBudget retryBudget,
    Life life,
    @Nullable Keepalive keepalive) {

  public static final int UNLIMITED = Integer.MAX_VALUE;

  /** No limit at all. */
  public static final PoolLimits DEFAULT =
      new PoolLimits(UNLIMITED, UNLIMITED, UNLIMITED, UNLIMITED, null, Life.UNLIMITED, null);

  /**
   * Retries as a share of the requests under way.
   *
   * @param min retries that are allowed whatever the share
   */
  public record RetryBudget(double percent, int min) {
    public int of(int requests) {
      return (int) Math.max(percent / 100 * requests, min);
    }
  }

  /**
   * How long a connection is used; 0 for no limit.
   *
   * @param requests how many it carries
   * @param idle how long it may have been idle to be used again
   * @param age how old it may be to be used again
   */
  public record Life(int requests, long idle, long age) {
    public static final Life UNLIMITED = new Life(0, 0, 0);
  }

  /**
   * TCP's keep-alive probes; 0 for the operating system's own.
   *
   * @param seconds of silence before the first probe
   * @param interval seconds between probes
   */
  public record Keepalive(int probes, int seconds, int interval) {}
}
