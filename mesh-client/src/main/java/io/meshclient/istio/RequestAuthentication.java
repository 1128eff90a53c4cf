package io.meshclient.istio;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code security.istio.io RequestAuthentication}: which tokens a workload believes. */
public record RequestAuthentication(ObjectMeta metadata, Spec spec, Location location)
    implements Resource {

  public record Spec(
      @Nullable Selector selector,
      @Nullable TargetRef targetRef,
      List<TargetRef> targetRefs,
      List<JwtRule> jwtRules) {}

  /**
   * One issuer.
   *
   * @param jwks the keys themselves; {@code jwksUri} where they are fetched from; with neither they
   *     are found by OpenID discovery
   * @param forwardOriginalToken whether the token stays in the request
   */
  @AtMostOne({"jwksUri", "jwks"})
  public record JwtRule(
      @Required String issuer,
      List<String> audiences,
      @Nullable String jwksUri,
      @Nullable String jwks,
      List<JwtHeader> fromHeaders,
      List<String> fromParams,
      List<String> fromCookies,
      @Nullable String outputPayloadToHeader,
      List<ClaimToHeader> outputClaimToHeaders,
      boolean forwardOriginalToken,
      @Nullable Duration timeout,
      List<String> spaceDelimitedClaims,
      Location location) {}

  public record JwtHeader(@Required String name, @Nullable String prefix) {}

  public record ClaimToHeader(@Required String header, @Required String claim) {}
}
