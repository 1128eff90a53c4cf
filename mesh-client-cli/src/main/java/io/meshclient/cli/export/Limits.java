package io.meshclient.cli.export;

import com.google.gson.JsonObject;
import io.meshclient.policy.Ejection;
import io.meshclient.policy.PoolLimits;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes what a cluster's pool allows, and which endpoints are left out. */
final class Limits {

  /** Istio's word for no limit: Envoy's own default is 1024. */
  private static final long UNLIMITED = 0xFFFFFFFFL;

  private Limits() {}

  static JsonObject circuitBreakers(PoolLimits pool) {
    PoolLimits.RetryBudget budget = pool.retryBudget();
    JsonObject threshold =
        Json.object(
            "max_connections",
            limit(pool.maxConnections()),
            "max_pending_requests",
            limit(pool.maxPending()),
            "max_requests",
            limit(pool.maxRequests()),
            "max_retries",
            limit(pool.maxRetries()));
    if (budget != null) {
      threshold.add(
          "retry_budget",
          Json.object(
              "budget_percent",
              Json.object("value", budget.percent()),
              "min_retry_concurrency",
              budget.min()));
    }
    return Json.object("thresholds", List.of(threshold));
  }

  private static long limit(int value) {
    return value == PoolLimits.UNLIMITED ? UNLIMITED : value;
  }

  static @Nullable JsonObject keepalive(PoolLimits.@Nullable Keepalive keepalive) {
    return keepalive == null
        ? null
        : Json.object(
            "tcp_keepalive",
            Json.object(
                "keepalive_probes",
                orNull(keepalive.probes()),
                "keepalive_time",
                orNull(keepalive.seconds()),
                "keepalive_interval",
                orNull(keepalive.interval())));
  }

  private static @Nullable Integer orNull(int value) {
    return value == 0 ? null : value;
  }

  /** {@code null} where connections live on. */
  static @Nullable JsonObject life(PoolLimits.Life life) {
    if (life.equals(PoolLimits.Life.UNLIMITED)) {
      return null;
    }
    return Json.object(
        "idle_timeout",
        life.idle() == 0 ? null : Json.duration(life.idle()),
        "max_connection_duration",
        life.age() == 0 ? null : Json.duration(life.age()),
        "max_requests_per_connection",
        life.requests() == 0 ? null : life.requests());
  }

  static JsonObject ejection(Ejection ejection) {
    JsonObject json =
        Json.object(
            "consecutive_5xx",
            ejection.consecutive5xx(),
            "enforcing_consecutive_5xx",
            enforced(ejection.consecutive5xx()),
            "interval",
            Json.duration(ejection.interval()),
            "base_ejection_time",
            Json.duration(ejection.base()),
            "max_ejection_time",
            Json.duration(ejection.max()),
            "max_ejection_percent",
            ejection.maxPercent(),
            "enforcing_success_rate",
            0);
    if (ejection.consecutiveGateway() > 0) {
      json.addProperty("consecutive_gateway_failure", ejection.consecutiveGateway());
      json.addProperty("enforcing_consecutive_gateway_failure", enforced(1));
    }
    if (ejection.split()) {
      json.addProperty("split_external_local_origin_errors", true);
      json.addProperty("consecutive_local_origin_failure", ejection.consecutiveLocal());
      json.addProperty(
          "enforcing_consecutive_local_origin_failure", enforced(ejection.consecutiveLocal()));
      json.addProperty("enforcing_local_origin_success_rate", 0);
    }
    return json;
  }

  private static int enforced(int count) {
    return count == 0 ? 0 : 100;
  }
}
