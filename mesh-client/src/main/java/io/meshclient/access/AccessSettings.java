package io.meshclient.access;

import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.util.HashMap;
import java.util.Map;

/**
 * What an {@link AccessPolicy} needs beside the configuration. Immutable, and safe from any thread
 * as far as what it was given is.
 */
public final class AccessSettings {
  /** The system's clock, no authorizers. */
  public static final AccessSettings DEFAULT = builder().build();

  private final Clock clock;
  private final Map<String, CustomAuthorizer> authorizers;

  private AccessSettings(Builder builder) {
    this.clock = builder.clock;
    this.authorizers = Map.copyOf(builder.authorizers);
  }

  public static Builder builder() {
    return new Builder();
  }

  Clock clock() {
    return clock;
  }

  Map<String, CustomAuthorizer> authorizers() {
    return authorizers;
  }

  /** For one thread. */
  public static final class Builder {
    private Clock clock = Clock.systemUTC();
    private final Map<String, CustomAuthorizer> authorizers = new HashMap<>();

    private Builder() {}

    /** By which tokens are valid or not. */
    public Builder clock(Clock clock) {
      this.clock = requireNonNull(clock, "clock");
      return this;
    }

    /** Who decides where a policy's action is CUSTOM and its provider has that name. */
    public Builder authorizer(String provider, CustomAuthorizer authorizer) {
      authorizers.put(
          requireNonNull(provider, "provider"), requireNonNull(authorizer, "authorizer"));
      return this;
    }

    public AccessSettings build() {
      return new AccessSettings(this);
    }
  }
}
