package io.meshclient.telemetry;

import io.meshclient.istio.Telemetry;

/** Istio's metrics of HTTP requests. */
enum IstioMetric {
  REQUEST_COUNT("istio_requests_total", Telemetry.Metric.REQUEST_COUNT),
  REQUEST_DURATION("istio_request_duration_milliseconds", Telemetry.Metric.REQUEST_DURATION),
  REQUEST_SIZE("istio_request_bytes", Telemetry.Metric.REQUEST_SIZE),
  RESPONSE_SIZE("istio_response_bytes", Telemetry.Metric.RESPONSE_SIZE);

  private final String metricName;
  private final Telemetry.Metric inResources;

  IstioMetric(String metricName, Telemetry.Metric inResources) {
    this.metricName = metricName;
    this.inResources = inResources;
  }

  String metricName() {
    return metricName;
  }

  Telemetry.Metric inResources() {
    return inResources;
  }
}
