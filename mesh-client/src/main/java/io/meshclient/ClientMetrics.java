package io.meshclient;

import io.meshclient.identity.IdentitySource;
import io.meshclient.identity.WorkloadIdentity;
import io.meshclient.istio.Problem;
import io.meshclient.policy.Cluster;
import io.meshclient.policy.MeshPolicy;
import io.meshclient.upstream.ClusterState;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableDoubleMeasurement;
import io.opentelemetry.api.metrics.ObservableLongMeasurement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * How a client stands, as OpenTelemetry metrics that are read when they are asked for: which
 * configuration is in force, what is ejected, how full pools are, how long the identity lasts. Told
 * until this is closed.
 */
final class ClientMetrics implements AutoCloseable {
  private static final AttributeKey<String> CLUSTER = AttributeKey.stringKey("mesh.cluster");
  private static final AttributeKey<String> SEVERITY = AttributeKey.stringKey("mesh.severity");

  /** So many clusters are told of at most. */
  private static final int MOST_CLUSTERS = 500;

  private final List<AutoCloseable> told = new ArrayList<>();
  private final Meter meter;
  private final StageSettings stages;
  private final Supplier<@Nullable MeshPolicy> policy;

  /**
   * @param policy the one in force
   */
  ClientMetrics(Meter meter, StageSettings stages, Supplier<@Nullable MeshPolicy> policy) {
    this.meter = meter;
    this.stages = stages;
    this.policy = policy;
    clusters(
        "mesh.cluster.ejected", "{endpoint}", "Endpoints that are ejected", ClusterState::ejected);
    clusters(
        "mesh.cluster.active",
        "{request}",
        "Requests under way by the cluster's pool",
        state -> state.pool().active());
    clusters(
        "mesh.cluster.pending",
        "{request}",
        "Requests that wait for the cluster's pool",
        state -> state.pool().pending());
  }

  /** Tells of the configuration: how often it was read, and what is wrong with it. */
  ClientMetrics configuration(Supplier<Long> generation, Supplier<List<Problem>> problems) {
    told.add(
        meter
            .gaugeBuilder("mesh.config.generation")
            .ofLongs()
            .setDescription("How often a configuration was put in force")
            .buildWithCallback(measured -> measured.record(generation.get())));
    told.add(
        meter
            .gaugeBuilder("mesh.config.problems")
            .ofLongs()
            .setUnit("{problem}")
            .setDescription("What is wrong with the configuration as it was read last")
            .buildWithCallback(measured -> count(problems.get(), measured)));
    return this;
  }

  private static void count(List<Problem> problems, ObservableLongMeasurement measured) {
    for (Problem.Severity severity : Problem.Severity.values()) {
      measured.record(
          problems.stream().filter(problem -> problem.severity() == severity).count(),
          Attributes.of(SEVERITY, severity.name()));
    }
  }

  /** Tells how many copies of requests were not sent. */
  ClientMetrics mirrors(Mirrors mirrors) {
    told.add(
        meter
            .counterBuilder("mesh.mirror.dropped")
            .setUnit("{request}")
            .setDescription("Mirrored requests that were not sent")
            .buildWithCallback(measured -> measured.record(mirrors.dropped())));
    return this;
  }

  /** Tells how long the workload's certificate holds. */
  ClientMetrics identity(IdentitySource source, Clock clock) {
    told.add(
        meter
            .gaugeBuilder("mesh.identity.expires_in")
            .setUnit("s")
            .setDescription("Until the workload's certificate expires; negative when it has")
            .buildWithCallback(measured -> expiry(source, clock, measured)));
    return this;
  }

  private static void expiry(
      IdentitySource source, Clock clock, ObservableDoubleMeasurement measured) {
    WorkloadIdentity identity = source.identity();
    if (identity != null) {
      Duration left = Duration.between(clock.instant(), identity.svid().expiresAt());
      measured.record(left.toMillis() / 1e3);
    }
  }

  private void clusters(String name, String unit, String what, ToLongFunction<ClusterState> value) {
    told.add(
        meter
            .gaugeBuilder(name)
            .ofLongs()
            .setUnit(unit)
            .setDescription(what)
            .buildWithCallback(measured -> clusters(value, measured)));
  }

  private void clusters(ToLongFunction<ClusterState> value, ObservableLongMeasurement measured) {
    MeshPolicy inForce = policy.get();
    if (inForce == null) {
      return;
    }
    int count = 0;
    for (Cluster cluster : inForce.clusters()) {
      if (cluster.discovery() != Cluster.Discovery.ORIGINAL && count++ < MOST_CLUSTERS) {
        measured.record(
            value.applyAsLong(stages.upstreams().of(cluster)),
            Attributes.of(CLUSTER, cluster.name()));
      }
    }
  }

  @Override
  public void close() {
    told.forEach(GuardMetrics::giveBack);
  }
}
