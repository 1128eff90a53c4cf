package io.meshclient.policy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Explains what a policy makes of a request, by the routes and conditions that decide. */
public final class Explainer {

  private Explainer() {}

  /**
   * Explains one request.
   *
   * @param draw at least 0 and less than 100; it decides between weighted destinations
   */
  public static Explanation explain(MeshPolicy policy, RequestView request, double draw) {
    VirtualHost host = policy.virtualHost(request);
    List<Explanation.Step> steps = new ArrayList<>();
    Route chosen = host == null ? policy.unknownHost() : choose(host, request, steps);
    List<Explanation.Step> excluded = new ArrayList<>();
    if (host != null) {
      for (VirtualHost.Excluded rule : host.excluded()) {
        excluded.add(step(rule.rule(), "", rule.reason(), rule.reason()));
      }
    }
    return new Explanation(
        request.method(),
        request.authority(),
        request.pathAndQuery(),
        policy.workload().namespace(),
        host == null ? null : host.name(),
        host == null ? null : domain(host.domains(), request.host()),
        host == null ? List.of() : host.domains(),
        List.copyOf(steps),
        List.copyOf(excluded),
        outcome(chosen, host, request, draw));
  }

  /** Of the names that take the host the closest, as {@link RouteTable} has it. */
  private static @Nullable String domain(List<String> domains, String host) {
    return domains.stream()
        .filter(domain -> Names.takes(domain, host))
        .max(
            Comparator.comparing((String domain) -> !Names.isWildcard(domain))
                .thenComparing(String::length))
        .orElse(null);
  }

  private static @Nullable Route choose(
      VirtualHost host, RequestView request, List<Explanation.Step> steps) {
    for (Route route : host.routes()) {
      String whyNot = route.whyNot(request);
      steps.add(step(route.rule(), route.matchPath(), route.describe(), whyNot));
      if (whyNot == null) {
        return route;
      }
    }
    return null;
  }

  private static Explanation.Step step(
      Rule rule, String matchPath, String condition, @Nullable String reason) {
    String path = matchPath.isEmpty() ? rule.path() : rule.path() + "." + matchPath;
    return new Explanation.Step(
        rule.resource(), path, rule.location().fileAndLine(), rule.name(), condition, reason);
  }

  private static Explanation.Outcome outcome(
      @Nullable Route route, @Nullable VirtualHost host, RequestView request, double draw) {
    if (route == null) {
      return new Explanation.Answered(404, "", List.of(), "no rule of the host takes the request");
    }
    if (route.action() instanceof RouteAction.Redirect redirect) {
      return new Explanation.Redirected(
          redirect.status(), route.location(request, redirect), describe(redirect.response()));
    }
    if (route.action() instanceof RouteAction.Direct direct) {
      String why =
          host == null
              ? "no rule and no service knows the host, and the outbound policy is REGISTRY_ONLY"
              : "the rule answers directly";
      return new Explanation.Answered(
          direct.status(), direct.body(), describe(direct.response()), why);
    }
    return forwarded(route, (RouteAction.Forward) route.action(), request, draw);
  }

  private static Explanation.Forwarded forwarded(
      Route route, RouteAction.Forward forward, RequestView request, double draw) {
    WeightedCluster picked = forward.pick(draw);
    String query = request.query();
    String path = route.rewrittenPath(request) + (query == null ? "" : "?" + query);
    String host = forward.hostRewrite(picked);
    return new Explanation.Forwarded(
        destination(picked, forward.hashPolicies()),
        shares(forward, picked),
        draw,
        path,
        host == null ? request.authority() : host,
        describe(picked.request()),
        describe(picked.response()),
        millis(forward.timeoutNanos()),
        retries(forward.retryPolicy()),
        forward.faults() == null ? List.of() : forward.faults().describe(),
        forward.mirrors().stream().map(MirrorPolicy::describe).toList());
  }

  private static Explanation.Destination destination(
      WeightedCluster picked, List<HashPolicy> hashed) {
    Cluster cluster = picked.cluster();
    if (cluster == null) {
      return new Explanation.Destination(
          picked.clusterName(),
          "",
          "",
          "NONE",
          List.of(),
          "",
          "",
          0,
          List.of(),
          List.of(),
          null,
          picked.statusIfMissing(),
          null);
    }
    ClusterSettings settings = cluster.settings();
    return new Explanation.Destination(
        cluster.name(),
        cluster.service(),
        cluster.subset(),
        cluster.discovery().name(),
        endpoints(cluster),
        settings.loadBalancing().describe(hashed),
        settings.http2() ? "HTTP/2" : "",
        millis(settings.connectTimeoutNanos()),
        SettingsWords.limits(settings),
        SettingsWords.ejection(settings.ejection()),
        SettingsWords.tls(settings.policy() == null ? null : settings.policy().tls()),
        0,
        cluster.settledBy().file().isEmpty() ? null : cluster.settledBy().fileAndLine());
  }

  private static Explanation.Retries retries(RetryPolicy retry) {
    TreeSet<String> on = new TreeSet<>(retry.conditions());
    retry.statuses().forEach(status -> on.add(Integer.toString(status)));
    return new Explanation.Retries(
        retry.retries(),
        List.copyOf(on),
        millis(retry.perTryTimeoutNanos()),
        millis(retry.baseIntervalNanos()),
        millis(retry.maxIntervalNanos()),
        retry.avoidPreviousHosts(),
        retry.remoteLocalities(),
        retry.isIstiosDefault());
  }

  private static long millis(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(nanos);
  }

  private static List<String> endpoints(Cluster cluster) {
    boolean weighted = cluster.settings().loadBalancing().localityWeighted();
    return cluster.endpoints().stream()
        .map(
            endpoint ->
                endpoint
                    + (endpoint.priority() == 0 ? "" : ", priority " + endpoint.priority())
                    + (weighted ? ", locality weight " + endpoint.localityWeight() : ""))
        .toList();
  }

  private static List<Explanation.Share> shares(
      RouteAction.Forward forward, WeightedCluster picked) {
    List<Explanation.Share> shares = new ArrayList<>();
    double total = Math.max(1, forward.totalWeight());
    double from = 0;
    for (WeightedCluster cluster : forward.clusters()) {
      double to = from + cluster.weight() * 100 / total;
      String subset = cluster.cluster() == null ? "" : cluster.cluster().subset();
      shares.add(
          new Explanation.Share(cluster.clusterName(), subset, from, to, cluster.equals(picked)));
      from = to;
    }
    return shares;
  }

  private static List<String> describe(List<HeaderMutations> levels) {
    return levels.stream().flatMap(level -> level.describe().stream()).toList();
  }
}
