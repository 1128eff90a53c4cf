package io.meshclient.cli.export;

import com.google.gson.JsonObject;
import io.meshclient.istio.MeshConfig;
import java.util.List;

/** Writes what both sides have in common: Envoy's HTTP connection manager. */
final class Http {
  static final String FILTER = "envoy.filters.network.http_connection_manager";
  private static final String TYPE =
      "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager";

  private final MeshConfig mesh;
  private final Observability observability;

  Http(MeshConfig mesh, Observability observability) {
    this.mesh = mesh;
    this.observability = observability;
  }

  /** The manager with Istio's settings, which a side adds its own to. */
  JsonObject manager(String statPrefix, JsonObject routes, List<JsonObject> filters, Side side) {
    JsonObject manager =
        Json.typed(
            TYPE,
            "stat_prefix",
            statPrefix,
            "route_config",
            routes,
            "http_filters",
            filters,
            "tracing",
            observability.tracing(side),
            "access_log",
            Json.arrayOrNull(observability.accessLogs(side)),
            "use_remote_address",
            false,
            "proxy_100_continue",
            true,
            "upgrade_configs",
            List.of(Json.object("upgrade_type", "websocket")),
            "stream_idle_timeout",
            "0s",
            "request_id_extension",
            requestIds());
    normalization(manager);
    return manager;
  }

  static JsonObject filter(JsonObject manager) {
    return Json.object("name", FILTER, "typed_config", manager);
  }

  /** Last in the order of filters. */
  static JsonObject router() {
    return Json.extension(
        "envoy.filters.http.router", "envoy.extensions.filters.http.router.v3.Router");
  }

  static JsonObject faults() {
    return Json.extension(Faults.FILTER, Faults.TYPE);
  }

  private static JsonObject requestIds() {
    return Json.object(
        "typed_config",
        Json.typed(
            "envoy.extensions.request_id.uuid.v3.UuidRequestIdConfig",
            "use_request_id_for_trace_sampling",
            false,
            "pack_trace_reason", // which would change ids on their way
            false));
  }

  private void normalization(JsonObject manager) {
    MeshConfig.Normalization how = mesh.normalization();
    boolean merges =
        how == MeshConfig.Normalization.MERGE_SLASHES
            || how == MeshConfig.Normalization.DECODE_AND_MERGE_SLASHES;
    manager.addProperty("normalize_path", how != MeshConfig.Normalization.NONE);
    Json.put(manager, "merge_slashes", merges ? true : null);
    manager.addProperty(
        "path_with_escaped_slashes_action",
        how == MeshConfig.Normalization.DECODE_AND_MERGE_SLASHES
            ? "UNESCAPE_AND_FORWARD"
            : "KEEP_UNCHANGED");
  }
}
