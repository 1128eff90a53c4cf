package io.meshclient.policy;

import io.meshclient.istio.VirtualService.Retries;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes retry policies as Istio gives them to Envoy. */
final class RetryCompiler {
  private static final String CODES = "retriable-status-codes";

  private final @Nullable Retries meshDefault;

  /**
   * @param meshDefault {@code defaultHttpRetryPolicy} of the mesh, if it has one
   */
  RetryCompiler(@Nullable Retries meshDefault) {
    this.meshDefault = meshDefault;
  }

  /** The policy of a route that a rule does not describe. */
  RetryPolicy byDefault() {
    return compile(null, false);
  }

  /**
   * The policy of a route that a rule describes.
   *
   * @param hashed whether its only destination picks endpoints by a hash: then retries stay on
   *     their endpoint unless the rule says otherwise
   */
  RetryPolicy compile(@Nullable Retries own, boolean hashed) {
    Retries retries = own == null ? meshDefault : own;
    if (retries == null) {
      return hashed ? RetryPolicy.DEFAULT_ON_HASH : RetryPolicy.DEFAULT;
    }
    if (retries.attempts() == 0) {
      return RetryPolicy.NONE;
    }
    Set<String> conditions = new HashSet<>();
    Set<Integer> statuses = new HashSet<>();
    if (retries.retryOn() == null || retries.retryOn().isBlank()) {
      conditions.addAll(RetryPolicy.DEFAULT.conditions());
    } else {
      for (String part : Lists.split(retries.retryOn(), ',')) {
        Integer status = status(part);
        if (status != null) {
          statuses.add(status);
        } else if (!part.isEmpty() && !part.equals(CODES)) {
          conditions.add(part);
        }
      }
    }
    long base =
        retries.backoff() == null ? RetryPolicy.DEFAULT_BASE_NANOS : retries.backoff().toNanos();
    return new RetryPolicy(
        conditions,
        statuses,
        retries.attempts(),
        retries.perTryTimeout() == null ? 0 : retries.perTryTimeout().toNanos(),
        base,
        10 * base,
        retries.retryIgnorePreviousHosts() == null ? !hashed : retries.retryIgnorePreviousHosts(),
        Boolean.TRUE.equals(retries.retryRemoteLocalities()));
  }

  private static @Nullable Integer status(String text) {
    if (text.length() != 3 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return null;
    }
    int status = Integer.parseInt(text);
    return status >= 100 && status <= 599 ? status : null;
  }
}
