package io.meshclient.cli.export;

import com.google.gson.JsonObject;
import io.meshclient.policy.RetryPolicy;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Writes retry policies, with what Istio always adds. */
final class Retries {
  private static final long DEFAULT_BASE_NANOS = TimeUnit.MILLISECONDS.toNanos(25);

  private Retries() {}

  static @Nullable JsonObject of(RetryPolicy policy) {
    if (policy.retries() == 0) {
      return null;
    }
    boolean byStatus = !policy.statuses().isEmpty() || policy.isIstiosDefault();
    String on = String.join(",", new TreeSet<>(policy.conditions()));
    return Json.object(
        "retry_on",
        byStatus ? on + (on.isEmpty() ? "" : ",") + "retriable-status-codes" : on,
        "retriable_status_codes",
        policy.statuses().isEmpty() ? null : new TreeSet<>(policy.statuses()),
        "num_retries",
        policy.retries(),
        "per_try_timeout",
        policy.perTryTimeoutNanos() == 0 ? null : Json.duration(policy.perTryTimeoutNanos()),
        "retry_back_off",
        policy.baseIntervalNanos() == DEFAULT_BASE_NANOS ? null : backOff(policy),
        "retry_priority",
        policy.remoteLocalities() ? otherPriorities() : null,
        "retry_host_predicate",
        policy.avoidPreviousHosts() ? Json.array(List.of(otherHosts())) : null,
        "host_selection_retry_max_attempts",
        5);
  }

  private static JsonObject backOff(RetryPolicy policy) {
    return Json.object(
        "base_interval",
        Json.duration(policy.baseIntervalNanos()),
        "max_interval",
        Json.duration(policy.maxIntervalNanos()));
  }

  private static JsonObject otherHosts() {
    return Json.extension(
        "envoy.retry_host_predicates.previous_hosts",
        "envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate");
  }

  private static JsonObject otherPriorities() {
    return Json.extension(
        "envoy.retry_priorities.previous_priorities",
        "envoy.extensions.retry.priority.previous_priorities.v3.PreviousPrioritiesConfig",
        "update_frequency",
        2);
  }
}
