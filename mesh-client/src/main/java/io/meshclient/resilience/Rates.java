package io.meshclient.resilience;

/** The shares of failures and of slow calls, in percent, that open a breaker. */
record Rates(int minimum, double failures, double slow) {

  static Rates of(BreakerSettings settings) {
    int minimum =
        settings.window() instanceof BreakerSettings.Calls calls
            ? calls.minimum()
            : settings.window() instanceof BreakerSettings.Time time ? time.minimum() : 1;
    double slow = settings.slowCall() == null ? Double.POSITIVE_INFINITY : settings.slowRate();
    return new Rates(minimum, settings.failureRate(), slow);
  }

  boolean areOver(long calls, long failed, long slowEnded, long slowInFlight) {
    long all = calls + slowInFlight;
    return calls >= minimum && failed * 100.0 >= failures * calls
        || all >= minimum && (slowEnded + slowInFlight) * 100.0 >= slow * all;
  }
}
