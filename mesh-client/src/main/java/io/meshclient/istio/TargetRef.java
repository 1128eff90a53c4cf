package io.meshclient.istio;

import org.jspecify.annotations.Nullable;

/** The Gateway, Service or other object that a policy is attached to; sidecars pass it over. */
public record TargetRef(
    @Nullable String group,
    @Required String kind,
    @Required String name,
    @Nullable String namespace) {}
