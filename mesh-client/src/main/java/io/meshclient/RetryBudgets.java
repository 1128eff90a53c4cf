package io.meshclient;

import io.meshclient.mesh.Capability;
import io.meshclient.policy.Cluster;
import io.meshclient.policy.RetryPolicy;
import io.meshclient.resilience.RetryBudget;
import java.util.Collection;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The budgets of retries, one for each cluster: over the retries that no rule asks for, Istio's
 * default ones and those above a mesh's, and over all of them where the builder says so.
 */
final class RetryBudgets {
  private final PolicyScoped<String, RetryBudget> byCluster;
  private final boolean overRules;

  /**
   * @param forAll over the retries of rules too; {@code null} for the default ones alone
   */
  RetryBudgets(RetryBudget.@Nullable Settings forAll, MeshClock clock) {
    RetryBudget.Settings settings = forAll == null ? RetryBudget.Settings.DEFAULT : forAll;
    byCluster = new PolicyScoped<>(cluster -> new RetryBudget(settings, clock::nanoTime));
    overRules = forAll != null;
  }

  /** The budget of a call's retries; {@code null} where none bounds them. */
  @Nullable RetryBudget of(MeshCall call, RetryPolicy policy) {
    boolean unasked = policy.isIstiosDefault() || call.ownership.isMesh(Capability.RETRIES);
    if (policy.retries() == 0 || !overRules && !unasked) {
      return null;
    }
    return byCluster.of(call.cluster());
  }

  /** The budget that a call's hedges take from, whatever bounds its retries. */
  RetryBudget ofHedges(MeshCall call, RetryPolicy policy) {
    RetryBudget budget = byCluster.of(call.cluster());
    if (of(call, policy) == null && call.attempts.isEmpty()) {
      budget.request();
    }
    return budget;
  }

  /** Forgets the clusters that a policy has dropped. */
  void retain(Collection<Cluster> clusters) {
    byCluster.retain(clusters.stream().map(Cluster::name).collect(Collectors.toSet()));
  }

  int size() {
    return byCluster.size();
  }
}
