package io.meshclient;

import static java.util.Objects.requireNonNull;

import io.meshclient.policy.Cluster;
import io.meshclient.policy.Rule;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What has a guard (a circuit breaker, a bulkhead, a limit) of its own. */
public enum GuardKey {
  /** Each subset of each service; a service without subsets, or a host outside the mesh, once. */
  HOST_AND_SUBSET {
    @Override
    Object handle(MeshCall call) {
      return cluster(call) == null ? call.view.authority() : call.cluster();
    }

    @Override
    String name(MeshCall call) {
      Cluster cluster = cluster(call);
      return cluster == null || cluster.subset().isEmpty()
          ? HOST.name(call)
          : cluster.service() + "/" + cluster.subset();
    }
  },

  /** Each service, or host outside the mesh. */
  HOST {
    @Override
    Object handle(MeshCall call) {
      return HOST_AND_SUBSET.handle(call);
    }

    @Override
    String name(MeshCall call) {
      Cluster cluster = cluster(call);
      return cluster == null ? call.view.authority().toLowerCase(Locale.ROOT) : cluster.service();
    }
  },

  /** Each route of each rule, whatever its destinations. */
  ROUTE {
    @Override
    Object handle(MeshCall call) {
      return requireNonNull(call.route).rule();
    }

    @Override
    String name(MeshCall call) {
      Rule rule = requireNonNull(call.route).rule();
      String route = rule.name() == null ? rule.path() : rule.name();
      return route.isEmpty() ? rule.resource() : rule.resource() + " " + route;
    }
  };

  /** What a call has at hand that stands for its guard; made without allocation. */
  abstract Object handle(MeshCall call);

  /** The guard's name, for people and patterns. */
  abstract String name(MeshCall call);

  /** The destination; {@code null} where the request passes through to a host of its own. */
  private static @Nullable Cluster cluster(MeshCall call) {
    Cluster cluster = call.destination == null ? null : call.destination.cluster();
    return cluster == null || cluster.service().isEmpty() ? null : cluster;
  }
}
