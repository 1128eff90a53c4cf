package io.meshclient.policy;

import java.util.Set;

/**
 * When and how often a request is tried again; times are in nanoseconds.
 *
 * @param conditions Envoy's names, such as {@code 5xx} and {@code connect-failure}
 * @param statuses further answers to retry
 * @param retries how many tries may follow the first
 * @param perTryTimeoutNanos 0 for none but the route's
 * @param baseIntervalNanos the first wait is uniform in [0, base); the bound doubles each time
 * @param maxIntervalNanos where the bound stops
 * @param avoidPreviousHosts whether a retry looks for an endpoint that was not tried
 */
public record RetryPolicy(
    Set<String> conditions,
    Set<Integer> statuses,
    int retries,
    long perTryTimeoutNanos,
    long baseIntervalNanos,
    long maxIntervalNanos,
    boolean avoidPreviousHosts,
    boolean remoteLocalities) {

  static final long DEFAULT_BASE_NANOS = 25_000_000;

  public static final RetryPolicy NONE =
      new RetryPolicy(
          Set.of(), Set.of(), 0, 0, DEFAULT_BASE_NANOS, 10 * DEFAULT_BASE_NANOS, true, false);

  /** What Istio gives every route that says nothing of retries. */
  public static final RetryPolicy DEFAULT = byDefault(true);

  /** The same for routes whose destination picks endpoints by a hash. */
  static final RetryPolicy DEFAULT_ON_HASH = byDefault(false);

  /** Whether this is what Istio gives a route that says nothing of retries. */
  public boolean isIstiosDefault() {
    return equals(DEFAULT) || equals(DEFAULT_ON_HASH);
  }

  public RetryPolicy {
    conditions = Set.copyOf(conditions);
    statuses = Set.copyOf(statuses);
  }

  private static RetryPolicy byDefault(boolean avoidPreviousHosts) {
    return new RetryPolicy(
        Set.of("connect-failure", "refused-stream", "unavailable", "cancelled"),
        Set.of(),
        2,
        0,
        DEFAULT_BASE_NANOS,
        10 * DEFAULT_BASE_NANOS,
        avoidPreviousHosts,
        false);
  }
}
