package io.meshclient.policy;

import io.meshclient.istio.DestinationRule.OutlierDetection;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Makes {@link Ejection}s, with Envoy's defaults, and says which can never happen. */
final class EjectionCompiler {
  private static final int CONSECUTIVE = 5;
  private static final int MAX_PERCENT = 10;
  private static final Duration INTERVAL = Duration.ofSeconds(10);
  private static final Duration BASE = Duration.ofSeconds(30);
  private static final Duration MAX = Duration.ofMinutes(5);

  private final Problems problems;

  EjectionCompiler(Problems problems) {
    this.problems = problems;
  }

  /**
   * @param endpoints of the cluster; 0 where that is not known
   */
  @Nullable Ejection compile(@Nullable OutlierDetection source, int endpoints) {
    if (source == null) {
      return null;
    }
    boolean split = Boolean.TRUE.equals(source.splitExternalLocalOriginErrors());
    long base = nanos(source.baseEjectionTime(), BASE);
    Ejection ejection =
        new Ejection(
            orElse(source.consecutive5xxErrors(), CONSECUTIVE),
            orElse(source.consecutiveGatewayErrors(), 0),
            split ? positiveOr(source.consecutiveLocalOriginFailures(), CONSECUTIVE) : 0,
            split,
            nanos(source.interval(), INTERVAL),
            base,
            Math.max(base, MAX.toNanos()),
            positiveOr(source.maxEjectionPercent(), MAX_PERCENT));
    check(source, ejection, endpoints);
    return ejection;
  }

  private void check(OutlierDetection source, Ejection ejection, int endpoints) {
    if (ejection.consecutive5xx() == 0
        && ejection.consecutiveGateway() == 0
        && ejection.consecutiveLocal() == 0) {
      impossible(source, "nothing is counted (expected: a count above 0)");
    } else if (endpoints > 0 && !ejection.allows(0, endpoints)) {
      impossible(
          source,
          "maxEjectionPercent "
              + ejection.maxPercent()
              + " of "
              + endpoints
              + (endpoints == 1 ? " endpoint" : " endpoints")
              + " is less than one: none is ever ejected (expected: at least "
              + (100 + endpoints - 1) / endpoints
              + ")");
    }
    if (source.consecutiveErrors() != null) {
      problems.add(
          Problems.Code.NOT_CARRIED_OUT,
          source.location(),
          source.location().path() + ".consecutiveErrors",
          "is passed over, as by Istio (expected: consecutive5xxErrors or"
              + " consecutiveGatewayErrors)");
    }
  }

  private void impossible(OutlierDetection source, String message) {
    problems.add(Problems.Code.NO_EJECTION, source.location(), source.location().path(), message);
  }

  private static int orElse(@Nullable Integer value, int otherwise) {
    return value == null ? otherwise : value;
  }

  /** Istio takes 0 for a field that is not set where it cannot tell them apart. */
  private static int positiveOr(@Nullable Integer value, int otherwise) {
    return value == null || value == 0 ? otherwise : value;
  }

  private static long nanos(@Nullable Duration value, Duration otherwise) {
    return PoolCompiler.nanos(value == null ? otherwise : value);
  }
}
