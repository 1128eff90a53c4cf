package io.meshclient.spring.actuate;

import io.meshclient.MeshClient;
import io.meshclient.istio.Problem;
import io.meshclient.mesh.Ownership;
import io.meshclient.policy.MeshPolicy;
import io.meshclient.policy.Route;
import io.meshclient.policy.RouteAction;
import io.meshclient.policy.VirtualHost;
import io.meshclient.policy.WeightedCluster;
import io.meshclient.spring.RecentDecisions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Puts together what {@link MeshEndpoint} tells. */
record MeshReporter(MeshClient mesh, RecentDecisions decisions) {

  MeshReport report() {
    Ownership ownership = mesh.ownership();
    Map<String, String> owners = new LinkedHashMap<>();
    ownership.owners().forEach((capability, owner) -> owners.put(capability.word(), owner.word()));
    MeshPolicy policy = mesh.policy();
    return new MeshReport(
        ownership.mode().word(),
        ownership.basis().word(),
        ownership.evidence(),
        owners,
        services(policy),
        destinations(policy),
        breakers(),
        calls(),
        mesh.problems().stream().map(Problem::toString).toList());
  }

  private List<MeshReport.Service> services(MeshPolicy policy) {
    Map<MeshReport.Service, List<String>> portsBySame = new LinkedHashMap<>();
    for (int port : policy.ports()) {
      for (VirtualHost host : policy.virtualHosts(port)) {
        portsBySame
            .computeIfAbsent(onNoPort(host), key -> new ArrayList<>())
            .add(port == 0 ? "*" : Integer.toString(port));
      }
    }
    return portsBySame.entrySet().stream()
        .map(
            one ->
                new MeshReport.Service(
                    one.getKey().name(),
                    one.getValue(),
                    one.getKey().domains(),
                    one.getKey().rules()))
        .toList();
  }

  /** What is the same wherever a service has the same rules. */
  private MeshReport.Service onNoPort(VirtualHost host) {
    return new MeshReport.Service(
        host.name().substring(0, host.name().lastIndexOf(':')),
        List.of(),
        host.domains(),
        host.routes().stream().map(this::rule).toList());
  }

  private MeshReport.Rule rule(Route route) {
    return new MeshReport.Rule(
        route.rule().toString(),
        route.describe(),
        route.action() instanceof RouteAction.Forward forward ? shares(route, forward) : List.of());
  }

  private List<MeshReport.Share> shares(Route route, RouteAction.Forward forward) {
    String rule = route.rule().toString();
    long all = 0;
    for (WeightedCluster one : forward.clusters()) {
      all += decisions.count(rule, one.clusterName());
    }
    List<MeshReport.Share> shares = new ArrayList<>();
    for (WeightedCluster one : forward.clusters()) {
      long calls = decisions.count(rule, one.clusterName());
      shares.add(
          new MeshReport.Share(
              one.clusterName(),
              100.0 * one.weight() / Math.max(1, forward.totalWeight()),
              calls,
              all == 0 ? null : 100.0 * calls / all));
    }
    return shares;
  }

  private List<MeshReport.Destination> destinations(MeshPolicy policy) {
    return policy.clusters().stream()
        .map(
            cluster ->
                new MeshReport.Destination(
                    cluster.name(), cluster.service(), cluster.subset(), mesh.endpoints(cluster)))
        .toList();
  }

  List<MeshReport.Breaker> breakers() {
    return mesh.circuitBreakers().all().stream()
        .map(
            breaker ->
                new MeshReport.Breaker(
                    breaker.name(),
                    breaker.state().name(),
                    breaker.counts().calls(),
                    breaker.counts().failures(),
                    breaker.rejections()))
        .toList();
  }

  private List<MeshReport.Call> calls() {
    return decisions.latest().stream()
        .map(made -> MeshReport.Call.of(made.at(), made.decision()))
        .toList();
  }
}
