package io.meshclient.spring;

import io.meshclient.resilience.BreakerSettings;
import java.time.Duration;
import java.util.Map;
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
 * @param minimumCalls how many of them there have to be; by default 20, or the window's calls where
 *     those are fewer
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
    @Nullable Integer minimumCalls,
    @DefaultValue("50") double failureRate,
    @Nullable Duration slowCall,
    @DefaultValue("80") double slowRate,
    @Nullable Duration openTime,
    @Nullable Integer probes) {
  private static final int MINIMUM_CALLS = 20;

  /** What properties are called that the settings have another name for. */
  static final Map<String, String> NAMES =
      Map.of(
          "failures", "consecutive-failures",
          "size", "window-calls",
          "length", "window-time",
          "minimum", "minimum-calls");

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
      return BreakerSettings.overCalls(
          windowCalls, minimum(Math.min(MINIMUM_CALLS, windowCalls)), failureRate);
    }
    if (windowTime != null) {
      return BreakerSettings.overTime(windowTime, minimum(MINIMUM_CALLS), failureRate);
    }
    return consecutiveFailures == null
        ? BreakerSettings.GUIDE
        : BreakerSettings.consecutive(consecutiveFailures);
  }

  private int minimum(int otherwise) {
    return minimumCalls == null ? otherwise : minimumCalls;
  }
}
