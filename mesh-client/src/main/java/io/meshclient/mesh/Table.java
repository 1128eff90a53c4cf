package io.meshclient.mesh;

import java.util.EnumSet;
import java.util.Set;

/** What a mesh has of a request that it sees: docs/mesh.md shows the same as a table. */
final class Table {
  private static final Set<Capability> LAYER_7 =
      EnumSet.of(
          Capability.ROUTING,
          Capability.HEADERS,
          Capability.ENDPOINTS,
          Capability.EJECTION,
          Capability.RETRIES,
          Capability.TIMEOUTS,
          Capability.POOLS,
          Capability.FAULTS,
          Capability.MIRRORS);

  private static final Set<Capability> IDENTITY = EnumSet.of(Capability.MTLS, Capability.PEERS);

  private Table() {}

  /**
   * What is the mesh's.
   *
   * @param sure whether identity and authorization may be left to it
   */
  static Set<Capability> of(MeshMode mode, boolean sure) {
    EnumSet<Capability> meshs = EnumSet.noneOf(Capability.class);
    if (mode == MeshMode.WAYPOINT || mode.hasSidecar()) {
      meshs.addAll(LAYER_7);
    }
    if (mode == MeshMode.ISTIO) {
      // Linkerd and Consul read no EnvoyFilter, and a waypoint few of them.
      meshs.add(Capability.RATE_LIMITS);
    }
    if (sure && mode != MeshMode.NONE) {
      meshs.addAll(IDENTITY);
    }
    if (sure && (mode == MeshMode.ISTIO || mode == MeshMode.WAYPOINT)) {
      // Others read no AuthorizationPolicy; ztunnel enforces what of it is layer 4.
      meshs.add(Capability.AUTHORIZATION);
    }
    return meshs;
  }

  /** What is left to a mesh of a request that its layer 7 cannot look into. */
  static Set<Capability> ofOpaque(MeshMode mode, boolean sure) {
    return mode == MeshMode.WAYPOINT
        ? of(MeshMode.AMBIENT, sure)
        : mode.hasSidecar() ? EnumSet.noneOf(Capability.class) : of(mode, sure);
  }
}
