package io.meshclient.cli.export;

import com.google.gson.JsonObject;
import io.meshclient.access.AccessPolicy;
import io.meshclient.access.AccessRules;
import io.meshclient.access.AccessSettings;
import io.meshclient.istio.Configuration;
import io.meshclient.istio.MeshConfig;
import io.meshclient.policy.Cluster;
import io.meshclient.policy.MeshPolicy;
import io.meshclient.policy.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes a policy as a static Envoy bootstrap: the sidecar that Istio would have configured. */
final class Bootstrap {
  private final Configuration configuration;
  private final MeshPolicy policy;
  private final SidecarOptions options;

  private Bootstrap(Configuration configuration, MeshPolicy policy, SidecarOptions options) {
    this.configuration = configuration;
    this.policy = policy;
    this.options = options;
  }

  static JsonObject of(Configuration configuration, MeshPolicy policy, SidecarOptions options) {
    return new Bootstrap(configuration, policy, options).write();
  }

  private JsonObject write() {
    MeshConfig mesh = configuration.mesh();
    TelemetryRules rules = new TelemetryRules(configuration, policy.workload());
    Observability observability = new Observability(mesh, rules, options, policy);
    Http http = new Http(mesh, observability);
    AdminListeners admin = new AdminListeners(options);
    List<JsonObject> listeners =
        new ArrayList<>(new OutboundListeners(policy, options, http).all());
    listeners.addAll(admin.listeners());
    List<JsonObject> clusters = new ArrayList<>();
    Clusters outbound = new Clusters(new UpstreamTls(options, mesh));
    for (Cluster cluster : policy.clusters()) {
      clusters.add(outbound.of(cluster));
    }
    clusters.add(Clusters.passthrough(mesh.connectTimeout().toNanos()));
    clusters.add(Clusters.blackHole());
    if (!options.inbound().isEmpty()) {
      inbound(http, listeners, clusters);
    }
    clusters.addAll(observability.clusters());
    clusters.addAll(admin.clusters());
    return Json.object(
        "node",
        node(),
        "admin",
        Json.object("address", Json.socketAddress(AdminListeners.LOOPBACK, options.admin())),
        "static_resources",
        Json.object("listeners", listeners, "clusters", clusters));
  }

  private void inbound(Http http, List<JsonObject> listeners, List<JsonObject> clusters) {
    String namespace = policy.workload().namespace();
    Map<String, String> labels = policy.workload().labels();
    AccessRules rules = AccessRules.compile(configuration, namespace, labels);
    AccessPolicy access =
        AccessPolicy.compile(configuration, namespace, labels, AccessSettings.DEFAULT);
    InboundListener inbound =
        new InboundListener(
            options, configuration.mesh(), access, new InboundHttp(http, policy, rules));
    listeners.add(inbound.write());
    clusters.addAll(inbound.clusters());
    clusters.addAll(RemoteKeys.clusters(rules.tokens()));
  }

  /** Named as Istio's agent names a sidecar. */
  private JsonObject node() {
    Workload workload = policy.workload();
    String namespace = workload.namespace();
    String id =
        "sidecar~"
            + options.address()
            + "~"
            + options.name()
            + "."
            + namespace
            + "~"
            + namespace
            + ".svc."
            + workload.domain();
    return Json.object(
        "id",
        id,
        "cluster",
        options.name() + "." + namespace,
        "locality",
        workload.locality() == null ? null : Endpoints.locality(workload.locality()),
        "metadata",
        Json.object(
            "NAME",
            options.name(),
            "NAMESPACE",
            namespace,
            "LABELS",
            new TreeMap<>(workload.labels()),
            "SERVICE_ACCOUNT",
            options.serviceAccount(),
            "MESH_ID",
            configuration.mesh().trustDomain()));
  }
}
