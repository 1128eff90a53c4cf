package io.meshclient;

import io.meshclient.policy.Cluster;
import io.meshclient.policy.RetryPolicy;
import io.meshclient.resilience.RetryBudget;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The budgets of retries, one for each cluster: over the retries that no rule asks for, Istio's
 * default ones, and over all of them where the builder says so.
 */
final class RetryBudgets {
  private final ConcurrentHashMap<String, RetryBudget> byCluster = new ConcurrentHashMap<>();
  private final RetryBudget.Settings settings;
  private final boolean overRules;
  private final MeshClock clock;

  /**
   * @param forAll over the retries of rules too; {@code null} for the default ones alone
   */
  RetryBudgets(RetryBudget.@Nullable Settings forAll, MeshClock clock) {
    this.settings = forAll == null ? RetryBudget.Settings.DEFAULT : forAll;
    this.overRules = forAll != null;
    this.clock = clock;
  }

  /** The budget of a call's retries; {@code null} where none bounds them. */
  @Nullable RetryBudget of(MeshCall call, RetryPolicy policy) {
    if (policy.retries() == 0 || !overRules && !policy.isIstiosDefault()) {
      return null;
    }
    String cluster = call.cluster();
    RetryBudget known = byCluster.get(cluster);
    return known != null
        ? known
        : byCluster.computeIfAbsent(cluster, c -> new RetryBudget(settings, clock::nanoTime));
  }

  /** Forgets the clusters that a policy has dropped. */
  void retain(Collection<Cluster> clusters) {
    Set<String> names = new HashSet<>();
    clusters.forEach(cluster -> names.add(cluster.name()));
    byCluster.keySet().retainAll(names);
  }
}
