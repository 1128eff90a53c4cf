package io.meshclient.telemetry;

import java.util.List;

/** What is observed of the requests of one side, as a client or as a server. */
record SidePolicy(TracingPolicy tracing, MetricsPolicy metrics, List<AccessLogSink> logs) {
  static final SidePolicy NONE = new SidePolicy(TracingPolicy.NONE, MetricsPolicy.ALL, List.of());

  SidePolicy {
    logs = List.copyOf(logs);
  }
}
