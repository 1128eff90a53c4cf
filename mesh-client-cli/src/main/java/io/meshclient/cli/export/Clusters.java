package io.meshclient.cli.export;

import com.google.gson.JsonObject;
import io.meshclient.istio.DestinationRule.ConnectionPool;
import io.meshclient.istio.DestinationRule.TrafficPolicy;
import io.meshclient.policy.Cluster;
import io.meshclient.policy.Cluster.Discovery;
import io.meshclient.policy.ClusterSettings;
import io.meshclient.policy.Endpoint;
import io.meshclient.policy.LoadBalancing;
import io.meshclient.policy.LoadBalancing.SlowStart;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes clusters under Istio's names. */
final class Clusters {
  static final String PASSTHROUGH = "PassthroughCluster";
  static final String BLACK_HOLE = "BlackHoleCluster";
  private static final String HTTP_OPTIONS =
      "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

  private final UpstreamTls tls;

  Clusters(UpstreamTls tls) {
    this.tls = tls;
  }

  JsonObject of(Cluster cluster) {
    ClusterSettings settings = cluster.settings();
    LoadBalancing balancing = settings.loadBalancing();
    boolean original = cluster.discovery() == Discovery.ORIGINAL;
    JsonObject json =
        Json.object(
            "name",
            cluster.name(),
            "alt_stat_name",
            cluster.name() + ";",
            "type",
            type(cluster),
            "connect_timeout",
            Json.duration(settings.connectTimeoutNanos()),
            "lb_policy",
            original ? "CLUSTER_PROVIDED" : balancing.policy(),
            "load_assignment",
            original ? null : Endpoints.of(cluster),
            "circuit_breakers",
            Limits.circuitBreakers(settings.pool()),
            "upstream_connection_options",
            Limits.keepalive(settings.pool().keepalive()),
            "outlier_detection",
            settings.ejection() == null ? null : Limits.ejection(settings.ejection()),
            "metadata",
            metadata(cluster));
    if (json.get("type").getAsString().equals("STRICT_DNS")) {
      json.addProperty("dns_lookup_family", "V4_PREFERRED");
      json.addProperty("respect_dns_ttl", true);
    }
    if (!original) {
      balancing(json, balancing);
    }
    Json.put(json, "typed_extension_protocol_options", protocol(settings));
    tls.write(json, cluster);
    return json;
  }

  /** Requests to where they were meant to go. */
  static JsonObject passthrough(long connectTimeoutNanos) {
    return Json.object(
        "name",
        PASSTHROUGH,
        "type",
        "ORIGINAL_DST",
        "connect_timeout",
        Json.duration(connectTimeoutNanos),
        "lb_policy",
        "CLUSTER_PROVIDED",
        "circuit_breakers",
        Limits.circuitBreakers(io.meshclient.policy.PoolLimits.DEFAULT),
        "typed_extension_protocol_options",
        Json.object(
            HTTP_OPTIONS,
            Json.typed(
                HTTP_OPTIONS,
                "use_downstream_protocol_config",
                Json.object(
                    "http_protocol_options", new JsonObject(),
                    "http2_protocol_options", new JsonObject()))));
  }

  /** Connections that end here. */
  static JsonObject blackHole() {
    return Json.object("name", BLACK_HOLE, "type", "STATIC", "connect_timeout", "10s");
  }

  /** Where an endpoint's address is a name, none of them can be taken as it stands. */
  private static String type(Cluster cluster) {
    if (cluster.discovery() == Discovery.ORIGINAL) {
      return "ORIGINAL_DST";
    }
    boolean names = cluster.endpoints().stream().anyMatch(e -> !Endpoints.isAddress(e));
    return names ? "STRICT_DNS" : "STATIC";
  }

  private static void balancing(JsonObject json, LoadBalancing balancing) {
    JsonObject common =
        Json.object(
            "healthy_panic_threshold",
            balancing.panicPercent() == 0
                ? new JsonObject()
                : Json.object("value", balancing.panicPercent()));
    if (balancing.localityWeighted()) {
      common.add("locality_weighted_lb_config", new JsonObject());
    }
    json.add("common_lb_config", common);
    switch (balancing.policy()) {
      case RING_HASH ->
          json.add("ring_hash_lb_config", Json.object("minimum_ring_size", balancing.tableSize()));
      case MAGLEV -> json.add("maglev_lb_config", Json.object("table_size", balancing.tableSize()));
      case ROUND_ROBIN -> Json.put(json, "round_robin_lb_config", slowStart(balancing.slowStart()));
      case LEAST_REQUEST ->
          Json.put(json, "least_request_lb_config", slowStart(balancing.slowStart()));
      case RANDOM -> {}
    }
  }

  private static @Nullable JsonObject slowStart(@Nullable SlowStart slowStart) {
    if (slowStart == null) {
      return null;
    }
    return Json.object(
        "slow_start_config",
        Json.object(
            "slow_start_window",
            Json.duration(slowStart.windowNanos()),
            "aggression",
            Json.object("default_value", slowStart.aggression(), "runtime_key", "unset"),
            "min_weight_percent",
            Json.object("value", slowStart.minimum() * 100)));
  }

  private static @Nullable JsonObject protocol(ClusterSettings settings) {
    JsonObject common = Limits.life(settings.pool().life());
    boolean clients = followsClient(settings.policy());
    if (common == null && !clients && !settings.http2()) {
      return null;
    }
    JsonObject options = Json.typed(HTTP_OPTIONS, "common_http_protocol_options", common);
    JsonObject http1 = new JsonObject();
    JsonObject http2 = Json.object("max_concurrent_streams", streams(settings.policy()));
    if (clients) {
      options.add(
          "use_downstream_protocol_config",
          Json.object("http_protocol_options", http1, "http2_protocol_options", http2));
    } else if (settings.http2()) {
      options.add("explicit_http_config", Json.object("http2_protocol_options", http2));
    } else {
      options.add("explicit_http_config", Json.object("http_protocol_options", http1));
    }
    return Json.object(HTTP_OPTIONS, options);
  }

  private static boolean followsClient(@Nullable TrafficPolicy policy) {
    ConnectionPool pool = policy == null ? null : policy.connectionPool();
    return pool != null
        && pool.http() != null
        && Boolean.TRUE.equals(pool.http().useClientProtocol());
  }

  private static @Nullable Integer streams(@Nullable TrafficPolicy policy) {
    ConnectionPool pool = policy == null ? null : policy.connectionPool();
    Integer streams =
        pool == null || pool.http() == null ? null : pool.http().maxConcurrentStreams();
    return streams == null || streams == 0 ? null : streams;
  }

  private static JsonObject metadata(Cluster cluster) {
    List<String> words = List.of(cluster.service().split("\\.", 3));
    JsonObject service =
        Json.object(
            "host",
            cluster.service(),
            "name",
            words.get(0),
            "namespace",
            cluster.service().contains(".svc.") && words.size() > 1 ? words.get(1) : null);
    return Json.object(
        "filter_metadata",
        Json.object(
            "istio",
            Json.object(
                "services",
                List.of(service),
                "subset",
                cluster.subset().isEmpty() ? null : cluster.subset())));
  }

  /** The namespaces and service accounts that a cluster's endpoints run as, each once. */
  static List<String> accounts(Cluster cluster) {
    return cluster.endpoints().stream()
        .map(Endpoint::serviceAccount)
        .filter(account -> !account.isEmpty())
        .distinct()
        .sorted()
        .toList();
  }
}
