package io.meshclient.policy;

import io.meshclient.istio.DestinationRule.ConnectionPool;
import io.meshclient.istio.DestinationRule.H2UpgradePolicy;
import io.meshclient.istio.DestinationRule.HttpPool;
import io.meshclient.istio.DestinationRule.RetryBudget;
import io.meshclient.istio.DestinationRule.TcpKeepalive;
import io.meshclient.istio.DestinationRule.TcpPool;
import io.meshclient.istio.DestinationRule.TrafficPolicy;
import io.meshclient.istio.Location;
import io.meshclient.istio.MeshConfig;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Makes {@link PoolLimits}s. Limits of 0 are no limits, as in Istio. */
final class PoolCompiler {
  private static final double BUDGET_PERCENT = 20;
  private static final int BUDGET_MIN = 3;
  private static final long MOST_SECONDS = 1_000_000_000;
  private static final long MOST = MOST_SECONDS * 1_000_000_000;

  private static final TcpKeepalive NOTHING_SET = new TcpKeepalive(null, null, null);

  private final MeshConfig mesh;
  private final Problems problems;

  /**
   * @param mesh what holds where a rule says nothing
   */
  PoolCompiler(MeshConfig mesh, Problems problems) {
    this.mesh = mesh;
    this.problems = problems;
  }

  PoolLimits compile(@Nullable TrafficPolicy policy) {
    TcpPool tcp = tcp(policy);
    HttpPool http = http(policy);
    if (policy != null && http != null) {
      check(http, policy.location());
    }
    return new PoolLimits(
        limit(tcp == null ? null : tcp.maxConnections()),
        limit(http == null ? null : http.http1MaxPendingRequests()),
        limit(http == null ? null : http.http2MaxRequests()),
        limit(http == null ? null : http.maxRetries()),
        budget(policy == null ? null : policy.retryBudget()),
        life(tcp, http),
        keepalive(mesh.tcpKeepalive(), tcp == null ? null : tcp.tcpKeepalive()));
  }

  /** How long a connection's establishment may take, in nanoseconds. */
  long connectTimeout(@Nullable TrafficPolicy policy) {
    TcpPool tcp = tcp(policy);
    return nanos(
        tcp == null || tcp.connectTimeout() == null ? mesh.connectTimeout() : tcp.connectTimeout());
  }

  /**
   * Whether plain requests go by HTTP/2: where the port says so, or where they are upgraded. A rule
   * can do the latter to any port, the mesh only to those that are known to be HTTP. With {@code
   * useClientProtocol} the application's client goes by what it was built for.
   *
   * @param port {@code null} where no port is known
   */
  boolean isHttp2(@Nullable TrafficPolicy policy, @Nullable PortProtocol port) {
    HttpPool http = http(policy);
    if (http != null && Boolean.TRUE.equals(http.useClientProtocol())) {
      return false;
    }
    if (port == PortProtocol.HTTP2) {
      return true;
    }
    H2UpgradePolicy own = http == null ? null : http.h2UpgradePolicy();
    if (own == H2UpgradePolicy.UPGRADE || own == H2UpgradePolicy.DO_NOT_UPGRADE) {
      return own == H2UpgradePolicy.UPGRADE;
    }
    return mesh.h2UpgradePolicy() == H2UpgradePolicy.UPGRADE && port != null && port.isNamedHttp();
  }

  /** What OkHttp leaves to the server, and no client can set. */
  private void check(HttpPool http, Location location) {
    if (limit(http.maxConcurrentStreams()) != PoolLimits.UNLIMITED) {
      problems.add(
          Problems.Code.NOT_CARRIED_OUT,
          location,
          location.path() + ".connectionPool.http.maxConcurrentStreams",
          "is not carried out: a connection carries as many streams as its server allows"
              + " (SETTINGS_MAX_CONCURRENT_STREAMS), and another is opened beyond; the rest of the"
              + " pool is carried out, with http2MaxRequests as the limit of all requests at once");
    }
  }

  private static @Nullable TcpPool tcp(@Nullable TrafficPolicy policy) {
    ConnectionPool pool = policy == null ? null : policy.connectionPool();
    return pool == null ? null : pool.tcp();
  }

  private static @Nullable HttpPool http(@Nullable TrafficPolicy policy) {
    ConnectionPool pool = policy == null ? null : policy.connectionPool();
    return pool == null ? null : pool.http();
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

  /** Each part by itself is the rule's, else the mesh's. */
  private static PoolLimits.@Nullable Keepalive keepalive(
      @Nullable TcpKeepalive meshWide, @Nullable TcpKeepalive own) {
    if (meshWide == null && own == null) {
      return null;
    }
    TcpKeepalive first = own == null ? NOTHING_SET : own;
    TcpKeepalive second = meshWide == null ? NOTHING_SET : meshWide;
    Integer probes =
        first.probes() == null || first.probes() == 0 ? second.probes() : first.probes();
    return new PoolLimits.Keepalive(
        probes == null ? 0 : probes,
        seconds(first.time() == null ? second.time() : first.time()),
        seconds(first.interval() == null ? second.interval() : first.interval()));
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
