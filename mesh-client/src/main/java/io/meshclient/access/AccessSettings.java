package io.meshclient.access;

import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an {@link AccessPolicy} needs beside the configuration. Immutable, and safe from any thread
 * as far as what it was given is.
 */
public final class AccessSettings {
  /** The system's clock, no authorizers, and no keys of token issuers are fetched. */
  public static final AccessSettings DEFAULT = builder().build();

  private final Clock clock;
  private final Map<String, CustomAuthorizer> authorizers;
  private final @Nullable TokenKeys tokenKeys;

  private AccessSettings(Builder builder) {
    this.clock = builder.clock;
    this.authorizers = Map.copyOf(builder.authorizers);
    this.tokenKeys = builder.tokenKeys;
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

  @Nullable TokenKeys tokenKeys() {
    return tokenKeys;
  }

  /** For one thread. */
  public static final class Builder {
    private Clock clock = Clock.systemUTC();
    private final Map<String, CustomAuthorizer> authorizers = new HashMap<>();
    private @Nullable TokenKeys tokenKeys;

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

    /**
     * Who fetches the keys of token issuers where a RequestAuthentication does not have them
     * itself. Without, its tokens are refused.
     */
    public Builder tokenKeys(TokenKeys tokenKeys) {
      this.tokenKeys = requireNonNull(tokenKeys, "tokenKeys");
      return this;
    }

    public AccessSettings build() {
      return new AccessSettings(this);
    }
  }
}
