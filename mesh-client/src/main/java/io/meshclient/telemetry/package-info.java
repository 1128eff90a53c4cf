/**
 * Spans, metrics and access logs: what is observed of requests, as Istio's Telemetry resources have
 * it. Requests meet OpenTelemetry's API only; its SDK, an optional dependency, is behind {@link
 * io.meshclient.telemetry.MeshTelemetry}.
 */
@NullMarked
package io.meshclient.telemetry;

import org.jspecify.annotations.NullMarked;
