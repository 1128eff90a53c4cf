package io.meshclient.policy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One destination of a route.
 *
 * @param clusterName the cluster asked for
 * @param cluster {@code null} where there is no such cluster
 * @param weight relative to the sum of the route's
 * @param statusIfMissing what a request is answered where there is no such cluster
 * @param request operations on the request, level by level, in the order of their application
 * @param response the same for the answer
 * @param hostRewrite what becomes the Host header, if this destination says so
 */
public record WeightedCluster(
    String clusterName,
    @Nullable Cluster cluster,
    long weight,
    int statusIfMissing,
    List<HeaderMutations> request,
    List<HeaderMutations> response,
    @Nullable String hostRewrite) {

  public WeightedCluster {
    request = List.copyOf(request);
    response = List.copyOf(response);
  }

  /** Whether it picks endpoints by a hash of the request. */
  boolean hashes() {
    return cluster != null && cluster.settings().loadBalancing().policy().hashes();
  }
}
