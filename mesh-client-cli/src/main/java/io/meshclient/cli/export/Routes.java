package io.meshclient.cli.export;

import com.google.gson.JsonObject;
import io.meshclient.policy.HashPolicy;
import io.meshclient.policy.HeaderMutations;
import io.meshclient.policy.MirrorPolicy;
import io.meshclient.policy.Route;
import io.meshclient.policy.RouteAction;
import io.meshclient.policy.WeightedCluster;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes routes: what becomes of the requests that they take. */
final class Routes {

  /** A name that no cluster has: what is sent there gets the route's status for that. */
  private static final String NOWHERE = "UnknownService";

  private static final int INTERNAL_ERROR = 500;

  private Routes() {}

  /**
   * A route of a virtual host.
   *
   * @param port the port that the routes are for; 0 where that is not known
   * @param operation what spans are named after
   * @return {@code null} where no request of that port takes it
   */
  static @Nullable JsonObject of(Route route, int port, String operation) {
    JsonObject match = Matches.of(route, port);
    if (match == null) {
      return null;
    }
    JsonObject json = Json.object("name", route.name(), "match", match);
    if (route.action() instanceof RouteAction.Redirect redirect) {
      json.add("redirect", redirect(redirect, port));
      HeaderOperations.response(json, redirect.response());
    } else if (route.action() instanceof RouteAction.Direct direct) {
      json.add("direct_response", direct(direct));
      HeaderOperations.response(json, direct.response());
    } else {
      forward(json, route, (RouteAction.Forward) route.action());
    }
    Json.put(json, "metadata", metadata(route));
    json.add("decorator", Json.object("operation", operation));
    return json;
  }

  private static void forward(JsonObject json, Route route, RouteAction.Forward forward) {
    List<WeightedCluster> clusters = forward.clusters();
    WeightedCluster first = clusters.get(0);
    JsonObject action = new JsonObject();
    if (forward.isSplit()) {
      HeaderMutations request = HeaderOperations.common(clusters, WeightedCluster::request);
      HeaderMutations response = HeaderOperations.common(clusters, WeightedCluster::response);
      action.add("weighted_clusters", weighted(forward, request, response));
      HeaderOperations.request(json, request == null ? List.of() : List.of(request));
      HeaderOperations.response(json, response == null ? List.of() : List.of(response));
    } else {
      action.addProperty("cluster", name(first));
      Json.put(action, "host_rewrite_literal", forward.hostRewrite(first));
      HeaderOperations.request(json, first.request());
      HeaderOperations.response(json, first.response());
    }
    if (clusters.stream().anyMatch(c -> c.statusIfMissing() == INTERNAL_ERROR)) {
      action.addProperty("cluster_not_found_response_code", "INTERNAL_SERVER_ERROR");
    }
    action.addProperty("timeout", Json.duration(forward.timeoutNanos()));
    Rewrites.write(action, forward.rewrite(), route.path());
    Json.put(action, "retry_policy", Retries.of(forward.retryPolicy()));
    Json.put(
        action,
        "hash_policy",
        Json.arrayOrNull(forward.hashPolicies().stream().map(Routes::hash).toList()));
    Json.put(
        action,
        "request_mirror_policies",
        Json.arrayOrNull(forward.mirrors().stream().map(Routes::mirror).toList()));
    json.add("route", action);
    if (forward.faults() != null) {
      json.add("typed_per_filter_config", Json.object(Faults.FILTER, Faults.of(forward.faults())));
    }
  }

  private static JsonObject weighted(
      RouteAction.Forward forward,
      @Nullable HeaderMutations request,
      @Nullable HeaderMutations response) {
    List<JsonObject> clusters = new ArrayList<>();
    for (WeightedCluster cluster : forward.clusters()) {
      JsonObject json =
          Json.object(
              "name",
              name(cluster),
              "weight",
              cluster.weight(),
              "host_rewrite_literal",
              forward.hostRewrite(cluster));
      HeaderOperations.request(json, HeaderOperations.own(cluster.request(), request));
      HeaderOperations.response(json, HeaderOperations.own(cluster.response(), response));
      clusters.add(json);
    }
    return Json.object("clusters", clusters);
  }

  private static String name(WeightedCluster cluster) {
    return cluster.clusterName().isEmpty() ? NOWHERE : cluster.clusterName();
  }

  private static JsonObject hash(HashPolicy policy) {
    if (policy instanceof HashPolicy.Header header) {
      return Json.object("header", Json.object("header_name", header.name()));
    }
    if (policy instanceof HashPolicy.Query query) {
      return Json.object("query_parameter", Json.object("name", query.name()));
    }
    if (policy instanceof HashPolicy.Cookie cookie) {
      return Json.object("cookie", cookie(cookie));
    }
    return Json.object("connection_properties", Json.object("source_ip", true));
  }

  private static JsonObject cookie(HashPolicy.Cookie cookie) {
    Long age = cookie.maxAge();
    return Json.object(
        "name",
        cookie.name(),
        "ttl",
        age == null ? null : age + "s",
        "path",
        cookie.path().isEmpty() ? null : cookie.path(),
        "attributes",
        Json.arrayOrNull(
            cookie.attributes().stream()
                .map(a -> Json.object("name", a.name(), "value", a.value()))
                .toList()));
  }

  private static JsonObject mirror(MirrorPolicy mirror) {
    return Json.object(
        "cluster",
        name(mirror.destination()),
        "runtime_fraction",
        Json.object("default_value", Json.fraction(mirror.percent())),
        "trace_sampled",
        false,
        "disable_shadow_host_suffix_append",
        true);
  }

  private static JsonObject redirect(RouteAction.Redirect redirect, int port) {
    int to = redirect.port() == RouteAction.Redirect.REQUEST_PORT ? port : redirect.port();
    JsonObject json =
        Json.object(
            "scheme_redirect",
            redirect.scheme(),
            "host_redirect",
            redirect.host(),
            "port_redirect",
            to == 0 ? null : to,
            "path_redirect",
            redirect.path(),
            "response_code",
            reason(redirect.status()));
    Rewrites.ofRedirect(json, redirect.rewrite());
    return json;
  }

  private static String reason(int status) {
    return switch (status) {
      case 302 -> "FOUND";
      case 303 -> "SEE_OTHER";
      case 307 -> "TEMPORARY_REDIRECT";
      case 308 -> "PERMANENT_REDIRECT";
      default -> "MOVED_PERMANENTLY";
    };
  }

  private static JsonObject direct(RouteAction.Direct direct) {
    return Json.object(
        "status",
        direct.status(),
        "body",
        direct.body().isEmpty() ? null : Json.object("inline_string", direct.body()));
  }

  /** The resource that the route comes from, as Istio names it there. */
  private static @Nullable JsonObject metadata(Route route) {
    String[] words = route.rule().resource().split("[ /]", -1);
    if (route.rule().location().file().isEmpty() || words.length != 3) {
      return null;
    }
    boolean gateway = words[0].equals("HttpRoute") || words[0].equals("HTTPRoute");
    String kind = gateway ? "http-route" : "virtual-service";
    String group = gateway ? "gateway.networking.k8s.io" : "networking.istio.io";
    String config = "/apis/" + group + "/v1/namespaces/" + words[1] + "/" + kind + "/" + words[2];
    return Json.object("filter_metadata", Json.object("istio", Json.object("config", config)));
  }
}
