package io.meshclient.upstream;

import io.meshclient.policy.Ejection;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How often an endpoint failed, one try after the other: Envoy's three counts. The methods that
 * count say whether the endpoint is to be ejected; the count that says so begins again. Safe from
 * any thread.
 */
final class FailureCounts {
  private final AtomicInteger serverErrors = new AtomicInteger();
  private final AtomicInteger gatewayErrors = new AtomicInteger();
  private final AtomicInteger localFailures = new AtomicInteger();

  /** An answer, or what stands for one. */
  boolean status(int status, Ejection ejection) {
    if (status < 500) {
      clear(serverErrors);
      clear(gatewayErrors);
      return false;
    }
    boolean eject = false;
    if (status >= 502 && status <= 504) {
      eject = reaches(gatewayErrors, ejection.consecutiveGateway());
    } else {
      clear(gatewayErrors);
    }
    return reaches(serverErrors, ejection.consecutive5xx()) || eject;
  }

  /** No answer, where those count apart. */
  boolean localFailure(Ejection ejection) {
    return reaches(localFailures, ejection.consecutiveLocal());
  }

  /** A connection, where failures to get one count apart. */
  void connected() {
    clear(localFailures);
  }

  void reset() {
    clear(serverErrors);
    clear(gatewayErrors);
    clear(localFailures);
  }

  private static boolean reaches(AtomicInteger count, int threshold) {
    if (threshold == 0 || count.incrementAndGet() < threshold) {
      return false;
    }
    clear(count);
    return true;
  }

  /** A success writes nothing where there is nothing to clear. */
  private static void clear(AtomicInteger count) {
    if (count.get() != 0) {
      count.set(0);
    }
  }
}
