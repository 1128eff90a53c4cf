package io.meshclient;

import io.meshclient.resilience.RetryBudget;
import io.meshclient.upstream.ClusterState;
import io.meshclient.upstream.Pool;
import org.jspecify.annotations.Nullable;

/**
 * One call's share of the retries that its cluster may have under way, and that its budget allows.
 * For one thread.
 */
final class RetryPermit {
  private final @Nullable RetryBudget budget;
  private @Nullable Pool holding;

  RetryPermit(@Nullable RetryBudget budget) {
    this.budget = budget;
  }

  /** For the retries of a request that begins. */
  static RetryPermit ofRequest(@Nullable RetryBudget budget) {
    if (budget != null) {
      budget.request();
    }
    return new RetryPermit(budget);
  }

  /** {@code false} if the cluster has too many retries under way, or the budget is used up. */
  boolean take(@Nullable ClusterState cluster) {
    if (cluster != null) {
      Pool pool = cluster.pool();
      if (!pool.beginRetry()) {
        return false;
      }
      holding = pool;
    }
    if (budget == null || budget.tryRetry()) {
      return true;
    }
    giveBack();
    return false;
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
