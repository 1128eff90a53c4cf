package io.meshclient.cli.export;

import com.google.gson.JsonObject;
import io.meshclient.policy.FaultPolicy;

/** Writes the faults of a route. */
final class Faults {
  static final String FILTER = "envoy.filters.http.fault";
  static final String TYPE = "envoy.extensions.filters.http.fault.v3.HTTPFault";

  private Faults() {}

  static JsonObject of(FaultPolicy faults) {
    return Json.typed(
        TYPE,
        "delay",
        faults.delayPercent() == 0 ? null : delay(faults),
        "abort",
        faults.abortPercent() == 0 ? null : abort(faults));
  }

  private static JsonObject delay(FaultPolicy faults) {
    return Json.object(
        "fixed_delay",
        Json.duration(faults.delayNanos()),
        "percentage",
        Json.fraction(faults.delayPercent()));
  }

  private static JsonObject abort(FaultPolicy faults) {
    boolean grpc = faults.grpcStatus() >= 0;
    return Json.object(
        "http_status",
        grpc ? null : faults.abortStatus(),
        "grpc_status",
        grpc ? faults.grpcStatus() : null,
        "percentage",
        Json.fraction(faults.abortPercent()));
  }
}
