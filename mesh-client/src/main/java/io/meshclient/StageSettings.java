package io.meshclient;

import io.meshclient.context.OutboundHeaders;
import io.meshclient.identity.TrustDomain;
import io.meshclient.policy.Cluster;
import io.meshclient.resilience.Bulkhead;
import io.meshclient.resilience.BulkheadSettings;
import io.meshclient.resilience.FailsafePolicies;
import io.meshclient.resilience.Hedging;
import io.meshclient.resilience.RateLimit;
import io.meshclient.resilience.RateLimiter;
import io.meshclient.upstream.Upstreams;
import java.util.Collection;
import java.util.List;
import java.util.function.DoubleSupplier;
import okhttp3.Response;

/**
 * What the stages of one client work with: its live state, which outlives policies, and what its
 * builder was told. Safe from any thread.
 *
 * @param draws at least 0 and less than 100
 * @param sendsDeadline whether requests tell how long their answer is waited for
 * @param retriesAboveMesh whether rules' retries are made above those of a mesh, too
 */
record StageSettings(
    Upstreams upstreams,
    TlsOrigins tls,
    Owners owners,
    RetryBudgets budgets,
    CircuitBreakers breakers,
    Limits<BulkheadSettings, Bulkhead> bulkheads,
    Limits<RateLimit, RateLimiter> rateLimiters,
    DestinationSettings<FailsafePolicies<Response>> failsafe,
    DestinationSettings<Hedging> hedging,
    Branches branches,
    Hedges hedges,
    CallsUnderWay calls,
    OutboundHeaders outbound,
    DoubleSupplier draws,
    MeshClock clock,
    boolean sendsDeadline,
    boolean retriesAboveMesh) {

  static StageSettings of(MeshClientBuilder settings) {
    MeshClock clock = settings.clock();
    TlsOrigins tls = new TlsOrigins(clock, settings.mutualTls());
    return new StageSettings(
        new Upstreams(clock::nanoTime),
        tls,
        new Owners(settings.detector(), tls),
        new RetryBudgets(settings.retryBudget(), clock),
        new CircuitBreakers(settings),
        new Limits<>(settings.bulkheads(), settings, new BulkheadStage.Kind()),
        new Limits<>(settings.rateLimits(), settings, new RateLimitStage.Kind(clock)),
        new DestinationSettings<>(settings.failsafe(), settings.workload()),
        new DestinationSettings<>(settings.hedging(), settings.workload()),
        new Branches(clock),
        new Hedges(),
        new CallsUnderWay(),
        OutboundHeaders.create(settings.propagation(), settings.propagators()),
        settings.draws(),
        clock,
        settings.sendsDeadline(),
        settings.retriesAboveMesh());
  }

  /** Takes back what is told about the stages. */
  void close() {
    owners.detector().close();
    hedges.close();
    breakers.close();
    bulkheads.close();
    rateLimiters.close();
  }

  /**
   * Brings the state in line with a new policy: what it does not name any more is dropped.
   *
   * @param trustDomains the mesh's, if it names any
   */
  void apply(Collection<Cluster> clusters, List<TrustDomain> trustDomains) {
    upstreams.apply(clusters);
    budgets.retain(clusters);
    tls.apply(clusters, trustDomains);
  }
}
