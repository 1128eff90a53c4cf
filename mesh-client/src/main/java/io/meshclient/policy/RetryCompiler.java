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
    if (retries.retryOn() == null || retries.retryOn().isEmpty()) {
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

  /** A number that has a meaning in HTTP is a status; every other word is Envoy's to know. */
  private static @Nullable Integer status(String text) {
    if (text.length() != 3 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return null;
    }
    int status = Integer.parseInt(text);
    return isKnown(status) ? status : null;
  }

  private static boolean isKnown(int status) {
    return within(status, 100, 103)
        || within(status, 200, 208)
        || status == 226
        || within(status, 300, 308) && status != 306
        || within(status, 400, 418)
        || within(status, 421, 426)
        || status == 428
        || status == 429
        || status == 431
        || status == 451
        || within(status, 500, 508)
        || status == 510
        || status == 511;
  }

  private static boolean within(int status, int from, int to) {
    return status >= from && status <= to;
  }
}
