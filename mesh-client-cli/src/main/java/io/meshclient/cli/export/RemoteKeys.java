package io.meshclient.cli.export;

import com.google.gson.JsonObject;
import io.meshclient.istio.RequestAuthentication.JwtRule;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes the clusters that keys of issuers are fetched from. */
final class RemoteKeys {
  private static final String SYSTEM_ROOTS = "/etc/ssl/certs/ca-certificates.crt";

  private RemoteKeys() {}

  static List<JsonObject> clusters(List<JwtRule> rules) {
    Map<String, JsonObject> clusters = new TreeMap<>();
    for (JwtRule rule : rules) {
      URI uri = JwtFilter.remote(rule);
      if (uri != null) {
        clusters.put(cluster(uri), of(uri));
      }
    }
    return new ArrayList<>(clusters.values());
  }

  static String cluster(URI uri) {
    return "jwks|" + port(uri) + "||" + uri.getHost();
  }

  private static int port(URI uri) {
    return uri.getPort() > 0 ? uri.getPort() : isSecure(uri) ? 443 : 80;
  }

  private static boolean isSecure(URI uri) {
    return "https".equalsIgnoreCase(uri.getScheme());
  }

  private static JsonObject of(URI uri) {
    JsonObject endpoint =
        Json.object(
            "endpoint", Json.object("address", Json.socketAddress(uri.getHost(), port(uri))));
    JsonObject cluster =
        Json.object(
            "name",
            cluster(uri),
            "type",
            "STRICT_DNS",
            "connect_timeout",
            "5s",
            "load_assignment",
            Json.object(
                "cluster_name",
                cluster(uri),
                "endpoints",
                List.of(Json.object("lb_endpoints", List.of(endpoint)))));
    if (isSecure(uri)) {
      cluster.add(
          "transport_socket",
          Json.extension(
              "envoy.transport_sockets.tls",
              "envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext",
              "sni",
              uri.getHost(),
              "common_tls_context",
              Json.object(
                  "validation_context",
                  Certificates.validation(SYSTEM_ROOTS, List.of(uri.getHost())))));
    }
    return cluster;
  }
}
