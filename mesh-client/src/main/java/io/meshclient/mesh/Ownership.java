package io.meshclient.mesh;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who does what for the requests to a destination, and why: each {@link Capability} has one {@link
 * Owner}. Immutable.
 */
public final class Ownership {

  /** The library does everything: without a mesh, told so. */
  public static final Ownership LIBRARY =
      new Ownership(
          MeshMode.NONE,
          Basis.TOLD,
          EnumSet.noneOf(Capability.class),
          "no mesh is around",
          List.of());

  private final MeshMode mode;
  private final Basis basis;
  private final Set<Capability> meshs;
  private final String reason;
  private final List<String> evidence;
  private final String compact;

  Ownership(
      MeshMode mode, Basis basis, Set<Capability> meshs, String reason, List<String> evidence) {
    this.mode = mode;
    this.basis = basis;
    this.meshs = Collections.unmodifiableSet(meshs);
    this.reason = reason;
    this.evidence = List.copyOf(evidence);
    this.compact = mode.word() + ": " + list(meshs);
  }

  private static String list(Set<Capability> meshs) {
    return meshs.isEmpty()
        ? "nothing"
        : meshs.stream().map(Capability::word).collect(Collectors.joining(", "));
  }

  /** The same table, for a reason of a destination's own that leaves the mesh just these. */
  Ownership only(Set<Capability> left, String why) {
    return new Ownership(mode, basis, left, why, evidence);
  }

  /** Which mesh is around. */
  public MeshMode mode() {
    return mode;
  }

  /** What that rests on. */
  public Basis basis() {
    return basis;
  }

  /** Who has a capability. */
  public Owner owner(Capability capability) {
    return isMesh(capability) ? Owner.MESH : Owner.LIBRARY;
  }

  /** Whether the mesh has it, and the library keeps its hands off. */
  public boolean isMesh(Capability capability) {
    return meshs.contains(requireNonNull(capability, "capability"));
  }

  /** All capabilities, in the order in which they are declared. */
  public Map<Capability, Owner> owners() {
    Map<Capability, Owner> owners = new EnumMap<>(Capability.class);
    for (Capability capability : Capability.values()) {
      owners.put(capability, owner(capability));
    }
    return Collections.unmodifiableMap(owners);
  }

  /** Why it is so for this destination, in words. */
  public String reason() {
    return reason;
  }

  /** What was seen, or told, of the mesh; one thing a line. */
  public List<String> evidence() {
    return evidence;
  }

  /** The mesh, and what is its: {@code istio: routing, retries}. */
  public String compact() {
    return compact;
  }

  @Override
  public String toString() {
    return compact + " (" + reason + ", " + basis.word() + ")";
  }
}
