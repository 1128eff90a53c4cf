package io.meshclient.policy;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What becomes of a request that a route takes. */
public sealed interface RouteAction {

  /** It goes to one of some clusters. */
  final class Forward implements RouteAction {
    private final WeightedCluster[] clusters;
    private final long totalWeight;
    private final @Nullable PathRewrite rewrite;
    private final @Nullable String hostRewrite;
    private final long timeoutNanos;
    private final RetryPolicy retryPolicy;
    private final List<HashPolicy> hashPolicies;
    private final @Nullable FaultPolicy faults;
    private final List<MirrorPolicy> mirrors;

    Forward(
        List<WeightedCluster> clusters,
        @Nullable PathRewrite rewrite,
        @Nullable String hostRewrite,
        long timeoutNanos,
        RetryPolicy retryPolicy) {
      this(clusters, rewrite, hostRewrite, timeoutNanos, retryPolicy, null, List.of());
    }

    Forward(
        List<WeightedCluster> clusters,
        @Nullable PathRewrite rewrite,
        @Nullable String hostRewrite,
        long timeoutNanos,
        RetryPolicy retryPolicy,
        @Nullable FaultPolicy faults,
        List<MirrorPolicy> mirrors) {
      this.clusters = clusters.toArray(new WeightedCluster[0]);
      this.totalWeight = clusters.stream().mapToLong(WeightedCluster::weight).sum();
      this.rewrite = rewrite;
      this.hostRewrite = hostRewrite;
      this.timeoutNanos = timeoutNanos;
      this.retryPolicy = retryPolicy;
      this.hashPolicies =
          clusters.stream()
              .map(WeightedCluster::cluster)
              .filter(Objects::nonNull)
              .map(cluster -> cluster.settings().loadBalancing().hashPolicy())
              .filter(Objects::nonNull)
              .toList();
      this.faults = faults;
      this.mirrors = List.copyOf(mirrors);
    }

    /**
     * What a copy of a request gets that goes to one of this route's mirrors: the route's time, one
     * try, nothing else.
     *
     * @param timeoutNanos for the copy of a route that has no time of its own
     */
    public Forward toMirror(MirrorPolicy mirror, long timeoutNanos) {
      return new Forward(
          List.of(mirror.destination()),
          null,
          null,
          this.timeoutNanos == 0 ? timeoutNanos : this.timeoutNanos,
          RetryPolicy.NONE);
    }

    /**
     * The cluster for a draw.
     *
     * @param draw at least 0 and less than 100: the share of the weights, in order, that lies below
     */
    public WeightedCluster pick(double draw) {
      double point = draw / 100 * totalWeight;
      long below = 0;
      for (WeightedCluster cluster : clusters) {
        below += cluster.weight();
        if (point < below) {
          return cluster;
        }
      }
      return clusters[clusters.length - 1];
    }

    public List<WeightedCluster> clusters() {
      return List.of(clusters);
    }

    /** Whether a draw decides anything. */
    public boolean isSplit() {
      return clusters.length > 1;
    }

    public long totalWeight() {
      return totalWeight;
    }

    /** {@code null} where the path stays as it is. */
    public @Nullable PathRewrite rewrite() {
      return rewrite;
    }

    /**
     * What becomes the Host header of a request to one of the destinations: what the route says
     * beats what the destination says; {@code null} leaves it.
     */
    public @Nullable String hostRewrite(WeightedCluster destination) {
      return hostRewrite == null ? destination.hostRewrite() : hostRewrite;
    }

    /** Over all tries; 0 for none. */
    public long timeoutNanos() {
      return timeoutNanos;
    }

    public RetryPolicy retryPolicy() {
      return retryPolicy;
    }

    /**
     * What the hash is made of by which a destination picks an endpoint: those of all the
     * destinations together, as Istio gives them to the route.
     */
    public List<HashPolicy> hashPolicies() {
      return hashPolicies;
    }

    /** {@code null} for none. */
    public @Nullable FaultPolicy faults() {
      return faults;
    }

    public List<MirrorPolicy> mirrors() {
      return mirrors;
    }
  }

  /**
   * It is sent elsewhere by the caller itself.
   *
   * @param scheme {@code null} to keep the request's
   * @param host {@code null} to keep the request's authority
   * @param port 0 for none of its own, {@link #REQUEST_PORT} for the request's
   * @param path {@code null} to keep the request's; it may have a query of its own
   * @param rewrite a prefix to replace instead of {@code path}
   */
  record Redirect(
      int status,
      @Nullable String scheme,
      @Nullable String host,
      int port,
      @Nullable String path,
      @Nullable PathRewrite rewrite,
      List<HeaderMutations> response)
      implements RouteAction {
    /** The port of the request itself. */
    public static final int REQUEST_PORT = -1;
  }

  /** It is answered at once. */
  record Direct(int status, String body, List<HeaderMutations> response) implements RouteAction {}
}
