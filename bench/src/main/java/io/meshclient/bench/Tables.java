package io.meshclient.bench;

import java.util.List;

/** What is in which table. A section begins with what its ratios are to. */
final class Tables {
  static final String STANDARD = "Resilience4jCalls.standard";
  static final String LIKE_STANDARD = "OurCalls.overCalls";

  static final List<Row> BREAKER =
      List.of(
          call("Resilience4j, its default (100 calls, lock)", STANDARD),
          call("mesh-client, overCalls(100, 100, 50)", LIKE_STANDARD),
          call("mesh-client, the same with slow calls", "OurCalls.overCallsSlow"),
          call("mesh-client, the guide's (3 in a row)", "OurCalls.consecutive"),
          call("mesh-client, overTime(100 s, 100, 50)", "OurCalls.overTime"),
          call("Resilience4j, default, timed by decorator", "Resilience4jCalls.standardTimed"),
          call("Resilience4j, 100 calls, lock-free", "Resilience4jCalls.lockFree"),
          call("Resilience4j, 100 s, lock", "Resilience4jCalls.time"),
          call("Resilience4j, 100 s, lock-free", "Resilience4jCalls.timeLockFree"),
          call("Failsafe, 50 of 100, by itself", "FailsafeBreakers.call"),
          call("Failsafe, 50 of 100, by an executor", "FailsafeBreakers.executorCall"),
          call("Sentinel, a DegradeRule (1 s)", "SentinelCalls.call"),
          call("Armeria, its default (20 s)", "ArmeriaBreakers.call"),
          failing(
              "Resilience4j, its default (100 calls, lock)", "Resilience4jCalls.standardFailing"),
          failing("mesh-client, overCalls(100, 100, 50)", "OurCalls.overCallsFailing"),
          failing("mesh-client, overTime(100 s, 100, 50)", "OurCalls.overTimeFailing"),
          failing("Resilience4j, 100 calls, lock-free", "Resilience4jCalls.lockFreeFailing"),
          rejected("Resilience4j, exception with stack trace", "Resilience4jRejections.thrown"),
          rejected("mesh-client, exception", "OurRejections.thrown"),
          rejected("mesh-client, REJECTED", "OurRejections.tried"),
          rejected("Resilience4j, without stack trace", "Resilience4jRejections.thrownUntraced"),
          rejected("Resilience4j, false", "Resilience4jRejections.tried"),
          rejected("Failsafe, exception of an executor", "FailsafeBreakers.executorRejection"),
          rejected("Failsafe, false", "FailsafeBreakers.rejection"),
          rejected("Sentinel, exception without stack trace", "SentinelRejections.rejection"),
          rejected("Armeria, false", "ArmeriaBreakers.rejection"));

  static final List<Row> DECISION =
      List.of(
          decision("by weights, the last of three rules", "Decisions.byWeight"),
          decision("by x-canary, the first rule", "Decisions.byHeader"),
          decision("by x-user-id, a regular expression", "Decisions.byExpression"),
          decision("a host that nothing is known of", "Decisions.unknownHost"));

  static final List<Row> ACCESS =
      List.of(
          access("allowed by the guide's policies", "Accesses.guide"),
          access("denied by them, with the reasons", "Accesses.denied"),
          access("allowed among 1000 for other principals", "Accesses.amongPrincipals"),
          access("allowed among 1000 for other paths", "Accesses.amongPaths"),
          access("allowed among 1000 for other hosts", "Accesses.amongHosts"),
          access("allowed among 1000 for other headers", "Accesses.amongHeaders"));

  static final List<Row> TELEMETRY =
      List.of(
          telemetry("telemetry off", "TelemetryCalls.off"),
          telemetry("on, metrics, not sampled", "TelemetryCalls.notSampled"),
          telemetry("on, metrics, sampled: two spans", "TelemetryCalls.sampled"));

  private Tables() {}

  private static Row call(String name, String benchmark) {
    return new Row(Section.CALLS, name, benchmark);
  }

  private static Row failing(String name, String benchmark) {
    return new Row(Section.FAILURES, name, benchmark);
  }

  private static Row rejected(String name, String benchmark) {
    return new Row(Section.REJECTIONS, name, benchmark);
  }

  private static Row access(String name, String benchmark) {
    return new Row(Section.ACCESS, name, benchmark);
  }

  private static Row telemetry(String name, String benchmark) {
    return new Row(Section.TELEMETRY, name, benchmark);
  }

  private static Row decision(String name, String benchmark) {
    return new Row(Section.DECISIONS, name, benchmark);
  }
}
