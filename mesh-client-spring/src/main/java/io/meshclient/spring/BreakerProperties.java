package io.meshclient.spring;

import io.meshclient.resilience.BreakerSettings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * A circuit breaker. Without a window it is that of "Service Mesh with Istio: 5 Core Patterns":
 * three failures in a row, 60 seconds, one probe.
 *
 * @param destination a host, short or full, with * for any characters; a subset after a slash
 * @param consecutiveFailures opens after so many failures in a row
 * @param windowCalls looks at so many calls
 * @param windowTime looks at the calls that ended within this time
 * @param minimumCalls how many of them there have to be
 * @param failureRate the share of failures that opens, in percent
 * @param slowCall how long a call may take before it is slow
 * @param slowRate the share of slow calls that opens, in percent
 * @param openTime how long it stays open the first time
 * @param probes how many calls are let through to find out whether it may close
 */
public record BreakerProperties(
    @DefaultValue("*") String destination,
    @Nullable Integer consecutiveFailures,
    @Nullable Integer windowCalls,
    @Nullable Duration windowTime,
    @DefaultValue("20") int minimumCalls,
    @DefaultValue("50") double failureRate,
    @Nullable Duration slowCall,
    @DefaultValue("80") double slowRate,
    @Nullable Duration openTime,
    @Nullable Integer probes) {

  /**
   * The settings.
   *
   * @throws IllegalArgumentException if they do not go together
   */
  BreakerSettings settings() {
    BreakerSettings made = byWindow();
    if (slowCall != null) {
      made = made.slowCalls(slowCall, slowRate);
    }
    if (openTime != null) {
      made = made.openFor(openTime);
    }
    return probes == null ? made : made.probes(probes);
  }

  private BreakerSettings byWindow() {
    if (windowCalls != null && windowTime != null
        || consecutiveFailures != null && (windowCalls != null || windowTime != null)) {
      throw new IllegalArgumentException(
          "consecutive-failures, window-calls, window-time: "
              + consecutiveFailures
              + ", "
              + windowCalls
              + ", "
              + windowTime
              + " (expected: one of them)");
    }
    if (windowCalls != null) {
      return BreakerSettings.overCalls(windowCalls, minimumCalls, failureRate);
    }
    if (windowTime != null) {
      return BreakerSettings.overTime(windowTime, minimumCalls, failureRate);
    }
    return consecutiveFailures == null
        ? BreakerSettings.GUIDE
        : BreakerSettings.consecutive(consecutiveFailures);
  }
}
