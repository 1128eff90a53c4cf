package io.meshclient.policy;

import io.meshclient.istio.ConfigSource;
import io.meshclient.istio.Configuration;
import java.util.List;
import java.util.Map;

/** Policies for tests, from YAML. */
final class Policies {

  static final Workload WEB =
      new Workload("production", Map.of("app", "web"), null, Workload.DEFAULT_DOMAIN);

  /** Two services with two endpoints each, v1 and v2, of which the configuration lists all. */
  static final String CLUSTER =
      service("orders", 8080)
          + "---\n"
          + service("payments", 8080)
          + "---\n"
          + service("orders-db", 9090);

  private Policies() {}

  static MeshPolicy of(String... documents) {
    return of(WEB, List.of(), documents);
  }

  static MeshPolicy of(Workload workload, List<StaticEndpoint> endpoints, String... documents) {
    Configuration configuration =
        Configuration.read(ConfigSource.yaml("test.yaml", String.join("\n---\n", documents)));
    return PolicyCompiler.compile(configuration, workload, endpoints);
  }

  static FakeRequest get(String url) {
    return FakeRequest.get(url);
  }

  /** The name of the cluster that a request is sent to, or the status of a local answer. */
  static String target(MeshPolicy policy, FakeRequest request) {
    Route route = route(policy, request);
    if (route == null) {
      return "404";
    }
    if (route.action() instanceof RouteAction.Forward forward) {
      WeightedCluster picked = forward.pick(0);
      return picked.cluster() == null
          ? Integer.toString(picked.statusIfMissing())
          : picked.clusterName();
    }
    return route.action() instanceof RouteAction.Direct direct
        ? Integer.toString(direct.status())
        : "redirect";
  }

  static Route route(MeshPolicy policy, FakeRequest request) {
    VirtualHost host = policy.virtualHost(request);
    return host == null ? policy.unknownHost() : host.route(request);
  }

  private static String service(String name, int port) {
    return """
        apiVersion: v1
        kind: Service
        metadata: {name: NAME, namespace: production}
        spec:
          selector: {app: NAME}
          ports: [{name: http, port: PORT}]
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: NAME-1, namespace: production, labels: {app: NAME, version: v1}}
        status: {podIP: 10.0.0.1}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: NAME-2, namespace: production, labels: {app: NAME, version: v2}}
        status: {podIP: 10.0.0.2}
        """
        .replace("NAME", name)
        .replace("PORT", Integer.toString(port));
  }
}
