package io.meshclient;

import io.meshclient.context.MeshDeadline;
import io.meshclient.policy.RetryPolicy;

/**
 * When tries begin and have to end.
 *
 * @param sendsDeadline whether requests tell how long their answer is waited for
 */
record TryTimes(MeshClock clock, boolean sendsDeadline) {

  /** A try begins, within the route's time and, if the policy has one, its own. */
  void begin(MeshCall call, RetryPolicy policy) {
    long now = clock.nanoTime();
    call.tryStartNanos = now;
    call.tryDeadlineNanos =
        policy.perTryTimeoutNanos() == 0
            ? call.deadlineNanos
            : Math.min(call.deadlineNanos, now + policy.perTryTimeoutNanos());
    if (sendsDeadline && call.tryDeadlineNanos != Long.MAX_VALUE) {
      long millis = Math.max(1, (call.tryDeadlineNanos - now) / 1_000_000);
      call.request =
          call.request.newBuilder().header(MeshDeadline.HEADER, Long.toString(millis)).build();
    }
  }

  /** How long the call's present try has taken. */
  long took(MeshCall call) {
    return clock.nanoTime() - call.tryStartNanos;
  }
}
