package io.meshclient.cli.export;

import com.google.gson.JsonObject;
import io.meshclient.access.AccessRules;
import io.meshclient.policy.MeshPolicy;
import java.util.ArrayList;
import java.util.List;

/** Writes what requests that come in have to pass. */
final class InboundHttp {
  private final Http http;
  private final MeshPolicy policy;
  private final AccessRules rules;

  InboundHttp(Http http, MeshPolicy policy, AccessRules rules) {
    this.http = http;
    this.policy = policy;
    this.rules = rules;
  }

  static String cluster(int port) {
    return port == 0 ? InboundListener.PASSTHROUGH : "inbound|" + port + "||";
  }

  /**
   * @param port the application's; 0 for any that is not known
   */
  JsonObject manager(int port) {
    String shown = port == 0 ? "any" : Integer.toString(port);
    JsonObject manager =
        http.manager(
            "inbound_0.0.0.0_" + shown + ";", routes(port, shown), filters(port), Side.INBOUND);
    manager.addProperty("server_name", "istio-envoy");
    manager.addProperty("forward_client_cert_details", "APPEND_FORWARD");
    manager.add(
        "set_current_client_cert_details", Json.object("subject", true, "dns", true, "uri", true));
    return manager;
  }

  private List<JsonObject> filters(int port) {
    List<JsonObject> filters = new ArrayList<>();
    policy.rateLimits().of(port).forEach(limit -> filters.add(RateLimitFilter.of(limit)));
    JsonObject tokens = JwtFilter.of(rules.tokens());
    if (tokens != null) {
      filters.add(tokens);
    }
    filters.addAll(RbacFilters.of(rules));
    filters.add(Http.router());
    return filters;
  }

  private static JsonObject routes(int port, String shown) {
    JsonObject retries = Json.object("retry_on", "reset-before-request", "num_retries", 2);
    JsonObject route =
        Json.object(
            "name",
            "default",
            "match",
            Json.object("prefix", "/"),
            "route",
            Json.object(
                "cluster",
                cluster(port),
                "timeout",
                "0s",
                "retry_policy",
                retries,
                "max_stream_duration",
                Json.object("max_stream_duration", "0s", "grpc_timeout_header_max", "0s")),
            "decorator",
            Json.object("operation", "inbound:" + shown + "/*"));
    JsonObject host =
        Json.object(
            "name", "inbound|http|" + shown, "domains", List.of("*"), "routes", List.of(route));
    return Json.object(
        "name", cluster(port), "virtual_hosts", List.of(host), "validate_clusters", false);
  }
}
