package io.meshclient.policy;

import io.meshclient.istio.Location;
import java.util.List;
import java.util.Objects;

/**
 * What becomes of requests whose rules the mesh carries out: they go by the name that they were
 * made with, once, unchanged. Which rule will hold is the mesh's to decide.
 *
 * @param route stands in where no rule of the configuration takes the request
 * @param forward one destination of the service's name, whose endpoints the mesh finds
 */
public record LeftToMesh(Route route, RouteAction.Forward forward) {

  /** For hosts that the configuration does not know. */
  public static final LeftToMesh UNKNOWN_HOST = of("", Cluster.PASSTHROUGH, RetryPolicy.NONE);

  static LeftToMesh of(String host, String port) {
    String name = "outbound|" + port + "||" + host;
    return of(host, cluster(name, host), RetryPolicy.NONE);
  }

  private static LeftToMesh of(String host, Cluster cluster, RetryPolicy retries) {
    RouteAction.Forward forward = forward(cluster, retries);
    String what = host.isEmpty() ? "left to the mesh" : "left to the mesh: " + host;
    return new LeftToMesh(
        new Route(Rule.implied(what), "", PathMatch.ANY, List.of(), forward), forward);
  }

  private static Cluster cluster(String name, String host) {
    return new Cluster(
        name,
        host,
        "",
        0,
        Cluster.Discovery.ORIGINAL,
        List.of(),
        ClusterSettings.DEFAULT,
        Location.NONE);
  }

  private static RouteAction.Forward forward(Cluster cluster, RetryPolicy retries) {
    WeightedCluster destination =
        new WeightedCluster(cluster.name(), cluster, 1, 503, List.of(), List.of(), null);
    return new RouteAction.Forward(List.of(destination), null, null, 0, retries);
  }

  /**
   * The same with retries of the library's own above those of the mesh: those of a rule, whose time
   * for a try is the mesh's.
   */
  public RouteAction.Forward retrying(RetryPolicy ofRule) {
    Cluster cluster = Objects.requireNonNull(forward.clusters().get(0).cluster());
    RetryPolicy retries =
        new RetryPolicy(
            ofRule.conditions(),
            ofRule.statuses(),
            ofRule.retries(),
            0,
            ofRule.baseIntervalNanos(),
            ofRule.maxIntervalNanos(),
            false,
            false);
    return forward(cluster, retries);
  }
}
