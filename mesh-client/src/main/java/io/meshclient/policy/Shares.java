package io.meshclient.policy;

import io.meshclient.istio.VirtualService.Percent;
import org.jspecify.annotations.Nullable;

/** Shares of requests, as Istio gives them to Envoy: in millionths, what is less being cut off. */
final class Shares {
  private static final int PER_PERCENT = 10_000;

  private Shares() {}

  static double percent(@Nullable Percent percentage, double otherwise) {
    return percentage == null
        ? otherwise
        : Math.floor(percentage.value() * PER_PERCENT) / PER_PERCENT;
  }

  static String words(double percent) {
    return (percent == Math.rint(percent)
            ? Long.toString((long) percent)
            : Double.toString(percent))
        + " %";
  }
}
