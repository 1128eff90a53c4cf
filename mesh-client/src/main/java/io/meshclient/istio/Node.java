package io.meshclient.istio;

/** {@code v1 Node}: its labels {@code topology.kubernetes.io/region} and {@code zone} count. */
@Lenient
public record Node(ObjectMeta metadata, Location location) implements Resource {}
