package io.meshclient.cli.export;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the ports that Istio's agent has beside Envoy: readiness and metrics for everybody, an end
 * on request for those on the loopback interface. Envoy's own administration answers them.
 */
final class AdminListeners {
  static final String LOOPBACK = "127.0.0.1";
  private static final String CLUSTER = "admin";
  private static final String ANYWHERE = "0.0.0.0";
  private static final String READY = "/healthz/ready";
  private static final String METRICS = "/stats/prometheus";
  private static final String QUIT = "/quitquitquit";

  private final SidecarOptions options;

  AdminListeners(SidecarOptions options) {
    this.options = options;
  }

  List<JsonObject> listeners() {
    List<JsonObject> listeners = new ArrayList<>();
    if (options.readinessPort() != 0) {
      List<JsonObject> routes = List.of(route(READY, "/ready", "GET"));
      listeners.add(listener("readiness", ANYWHERE, options.readinessPort(), routes));
    }
    if (options.metricsPort() != 0) {
      List<JsonObject> routes = List.of(route(METRICS, METRICS, "GET"));
      listeners.add(listener("metrics", ANYWHERE, options.metricsPort(), routes));
    }
    if (options.agentPort() != 0) {
      List<JsonObject> routes =
          List.of(
              route(READY, "/ready", "GET"),
              route(METRICS, METRICS, "GET"),
              route(QUIT, QUIT, "POST"));
      listeners.add(listener("agent", LOOPBACK, options.agentPort(), routes));
    }
    return listeners;
  }

  List<JsonObject> clusters() {
    if (options.admin() == 0) {
      return List.of();
    }
    JsonObject endpoint =
        Json.object(
            "endpoint", Json.object("address", Json.socketAddress(LOOPBACK, options.admin())));
    return List.of(
        Json.object(
            "name",
            CLUSTER,
            "type",
            "STATIC",
            "connect_timeout",
            "1s",
            "load_assignment",
            Json.object(
                "cluster_name",
                CLUSTER,
                "endpoints",
                List.of(Json.object("lb_endpoints", List.of(endpoint))))));
  }

  private static JsonObject route(String path, String at, String method) {
    JsonObject header =
        Json.object("name", ":method", "string_match", Json.object("exact", method));
    return Json.object(
        "match",
        Json.object("path", path, "headers", List.of(header)),
        "route",
        Json.object("cluster", CLUSTER, "prefix_rewrite", at));
  }

  private static JsonObject listener(
      String name, String address, int port, List<JsonObject> routes) {
    JsonObject host = Json.object("name", name, "domains", List.of("*"), "routes", routes);
    JsonObject manager =
        Json.typed(
            "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
            "stat_prefix",
            name,
            "route_config",
            Json.object("name", name, "virtual_hosts", List.of(host)),
            "http_filters",
            List.of(Http.router()));
    return Json.object(
        "name",
        name,
        "address",
        Json.socketAddress(address, port),
        "filter_chains",
        List.of(Json.object("filters", List.of(Http.filter(manager)))));
  }
}
