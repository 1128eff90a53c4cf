package io.meshclient;

import io.meshclient.upstream.ClusterState;
import io.meshclient.upstream.Pool;
import org.jspecify.annotations.Nullable;

/** One call's share of the retries that its cluster may have under way. For one thread. */
final class RetryPermit {
  private @Nullable Pool holding;

  /** {@code false} if the cluster has too many retries under way already. */
  boolean take(@Nullable ClusterState cluster) {
    if (cluster == null) {
      return true;
    }
    Pool pool = cluster.pool();
    if (!pool.beginRetry()) {
      return false;
    }
    holding = pool;
    return true;
  }

  /** A retry counts until its outcome is known. */
  void giveBack() {
    Pool pool = holding;
    if (pool != null) {
      holding = null;
      pool.endRetry();
    }
  }
}
