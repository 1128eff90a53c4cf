package io.meshclient.istio;

import org.jspecify.annotations.Nullable;

/** A port by number or by name; one of both is set. */
public record IntOrString(@Nullable Integer number, @Nullable String name) {}
