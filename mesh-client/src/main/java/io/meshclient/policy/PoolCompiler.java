package io.meshclient.policy;

import io.meshclient.istio.DestinationRule.ConnectionPool;
import io.meshclient.istio.DestinationRule.H2UpgradePolicy;
import io.meshclient.istio.DestinationRule.HttpPool;
import io.meshclient.istio.DestinationRule.RetryBudget;
import io.meshclient.istio.DestinationRule.TcpKeepalive;
import io.meshclient.istio.DestinationRule.TcpPool;
import io.meshclient.istio.DestinationRule.TrafficPolicy;
import io.meshclient.istio.Location;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Makes {@link PoolLimits}s. Limits of 0 are no limits, as in Istio. */
final class PoolCompiler {
  private static final double BUDGET_PERCENT = 20;
  private static final int BUDGET_MIN = 3;
  private static final long MOST_SECONDS = 1_000_000_000;
  private static final long MOST = MOST_SECONDS * 1_000_000_000;

  private final Problems problems;

  PoolCompiler(Problems problems) {
    this.problems = problems;
  }

  PoolLimits compile(TrafficPolicy policy) {
    ConnectionPool pool = policy.connectionPool();
    TcpPool tcp = pool == null ? null : pool.tcp();
    HttpPool http = pool == null ? null : pool.http();
    if (http != null) {
      check(http, policy.location());
    }
    return new PoolLimits(
        limit(tcp == null ? null : tcp.maxConnections()),
        limit(http == null ? null : http.http1MaxPendingRequests()),
        limit(http == null ? null : http.http2MaxRequests()),
        limit(http == null ? null : http.maxRetries()),
        budget(policy.retryBudget()),
        life(tcp, http),
        keepalive(tcp == null ? null : tcp.tcpKeepalive()));
  }

  /** What OkHttp settles for a client as a whole, and not for a destination. */
  private void check(HttpPool http, Location location) {
    if (http.h2UpgradePolicy() == H2UpgradePolicy.UPGRADE) {
      notCarriedOut("h2UpgradePolicy", location);
    }
    if (Boolean.TRUE.equals(http.useClientProtocol())) {
      notCarriedOut("useClientProtocol", location);
    }
    if (limit(http.maxConcurrentStreams()) != PoolLimits.UNLIMITED) {
      notCarriedOut("maxConcurrentStreams", location);
    }
  }

  private void notCarriedOut(String field, Location location) {
    problems.add(
        Problems.Code.NOT_CARRIED_OUT,
        location,
        location.path() + ".connectionPool.http." + field,
        "is not carried out by this version: the protocol is the client's to choose; the rest of"
            + " the pool is");
  }

  private static PoolLimits.Life life(@Nullable TcpPool tcp, @Nullable HttpPool http) {
    Integer requests = http == null ? null : http.maxRequestsPerConnection();
    Duration idle = http == null ? null : http.idleTimeout();
    if (idle == null && tcp != null) {
      idle = tcp.idleTimeout();
    }
    Duration age = tcp == null ? null : tcp.maxConnectionDuration();
    return new PoolLimits.Life(requests == null ? 0 : requests, nanos(idle), nanos(age));
  }

  private static PoolLimits.@Nullable Keepalive keepalive(@Nullable TcpKeepalive keepalive) {
    return keepalive == null
        ? null
        : new PoolLimits.Keepalive(
            keepalive.probes() == null ? 0 : keepalive.probes(),
            seconds(keepalive.time()),
            seconds(keepalive.interval()));
  }

  private static PoolLimits.@Nullable RetryBudget budget(@Nullable RetryBudget budget) {
    return budget == null
        ? null
        : new PoolLimits.RetryBudget(
            budget.percent() == null ? BUDGET_PERCENT : budget.percent(),
            budget.minRetryConcurrency() == null ? BUDGET_MIN : budget.minRetryConcurrency());
  }

  private static int limit(@Nullable Integer value) {
    return value == null || value == 0 ? PoolLimits.UNLIMITED : value;
  }

  /** 0 for none; what no {@code long} holds is as good as for ever. */
  static long nanos(@Nullable Duration duration) {
    return duration == null ? 0 : duration.toSeconds() > MOST_SECONDS ? MOST : duration.toNanos();
  }

  private static int seconds(@Nullable Duration duration) {
    return duration == null ? 0 : (int) Math.min(Integer.MAX_VALUE, duration.toSeconds());
  }
}
