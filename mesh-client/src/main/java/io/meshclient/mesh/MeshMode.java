package io.meshclient.mesh;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Which mesh a workload's requests go through. */
public enum MeshMode {
  /** None: the library does everything. */
  NONE("none"),
  /** A sidecar of Istio's, which takes the workload's traffic. */
  ISTIO("istio"),
  /** Istio's ambient mode with ztunnel alone: layer 4. */
  AMBIENT("ambient"),
  /** Istio's ambient mode, and a waypoint in front of destinations: layer 7 too. */
  WAYPOINT("waypoint"),
  /** Linkerd's proxy. */
  LINKERD("linkerd"),
  /** Consul Connect's Envoy, with transparent proxy. */
  CONSUL("consul");

  private final String word;

  MeshMode(String word) {
    this.word = word;
  }

  /** As settings and records write it, such as {@code istio}. */
  public String word() {
    return word;
  }

  /** Whether a proxy beside the workload takes requests, and looks into plain ones. */
  public boolean hasSidecar() {
    return this == ISTIO || this == LINKERD || this == CONSUL;
  }

  /** What stands between the workload and the network, in words. */
  public String proxy() {
    return switch (this) {
      case NONE -> "no proxy";
      case ISTIO -> "Istio's sidecar";
      case AMBIENT -> "ztunnel";
      case WAYPOINT -> "ztunnel and a waypoint";
      case LINKERD -> "Linkerd's proxy";
      case CONSUL -> "Consul's sidecar";
    };
  }

  /**
   * The mode of that word.
   *
   * @throws IllegalArgumentException if there is none; the message says which there are
   */
  public static MeshMode of(String word) {
    requireNonNull(word, "word");
    for (MeshMode mode : values()) {
      if (mode.word.equals(word)) {
        return mode;
      }
    }
    throw new IllegalArgumentException("\"" + word + "\" (expected: " + words() + ")");
  }

  /** {@code none, istio, ambient, waypoint, linkerd, consul}. */
  public static String words() {
    return Arrays.stream(values()).map(MeshMode::word).collect(Collectors.joining(", "));
  }
}
