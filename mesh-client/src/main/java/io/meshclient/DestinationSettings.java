package io.meshclient;

import io.meshclient.policy.Workload;
import org.jspecify.annotations.Nullable;

/** What the builder was told for destinations, as calls ask for it. Safe from any thread. */
final class DestinationSettings<T> {
  private final PerDestination<T> settings;
  private final Workload workload;

  DestinationSettings(PerDestination<T> settings, Workload workload) {
    this.settings = settings;
    this.workload = workload;
  }

  /** What is set for a call's destination; {@code null} if nothing is. */
  @Nullable T of(MeshCall call) {
    return settings.isEmpty()
        ? null
        : settings.of(GuardKey.HOST_AND_SUBSET.name(call), workload.namespace(), workload.domain());
  }
}
