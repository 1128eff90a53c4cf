package io.meshclient.cli.export;

import com.google.gson.JsonObject;
import io.meshclient.policy.MeshPolicy;
import io.meshclient.policy.Route;
import io.meshclient.policy.RouteAction;
import io.meshclient.policy.VirtualHost;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Writes the virtual hosts of one port: Envoy's {@code RouteConfiguration}. */
final class VirtualHosts {
  private static final int MAX_BODY = 1_048_576;

  private final MeshPolicy policy;
  private final int port;
  private final Set<String> claimed = new HashSet<>();
  private final List<JsonObject> written = new ArrayList<>();

  private VirtualHosts(MeshPolicy policy, int port) {
    this.policy = policy;
    this.port = port;
  }

  /**
   * The routes of a port.
   *
   * @param port 0 for those of services that are known without ports
   */
  static JsonObject of(MeshPolicy policy, int port, String name) {
    VirtualHosts hosts = new VirtualHosts(policy, port);
    policy.virtualHosts(port).forEach(hosts::add);
    if (port != 0) {
      policy.virtualHosts(0).forEach(hosts::add);
    }
    hosts.addUnknown();
    return Json.object(
        "name",
        name,
        "virtual_hosts",
        hosts.written,
        "validate_clusters",
        false,
        "max_direct_response_body_size_bytes",
        MAX_BODY,
        "ignore_port_in_host_matching",
        true);
  }

  /** A name belongs to the first that claims it; Envoy takes no two. */
  private void add(VirtualHost host) {
    List<String> domains = host.domains().stream().map(VirtualHosts::domain).toList();
    List<String> own = domains.stream().filter(claimed::add).toList();
    if (own.isEmpty()) {
      return;
    }
    List<JsonObject> routes =
        host.routes().stream()
            .map(route -> Routes.of(route, port, host.name() + "/*"))
            .filter(Objects::nonNull)
            .toList();
    write(host.name(), own, routes);
  }

  /** An IPv6 address stands in brackets, as in a Host header. */
  private static String domain(String name) {
    return name.indexOf(':') >= 0 && !name.startsWith("[") ? "[" + name + "]" : name;
  }

  private void addUnknown() {
    if (!claimed.add("*")) {
      return;
    }
    Route route = policy.unknownHost();
    String name = route.action() instanceof RouteAction.Forward ? "allow_any" : "block_all";
    JsonObject json = Objects.requireNonNull(Routes.of(route, port, name));
    json.addProperty("name", name);
    write(name, List.of("*"), List.of(json));
  }

  private void write(String name, List<String> domains, List<JsonObject> routes) {
    written.add(
        Json.object(
            "name",
            name,
            "domains",
            domains,
            "routes",
            routes,
            "include_request_attempt_count",
            true));
  }
}
