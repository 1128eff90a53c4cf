package io.meshclient.istio;

/** {@code v1 Namespace}. */
@Lenient
public record Namespace(ObjectMeta metadata, Location location) implements Resource {}
