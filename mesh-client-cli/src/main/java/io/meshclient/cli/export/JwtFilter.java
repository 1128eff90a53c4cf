package io.meshclient.cli.export;

import com.google.gson.JsonObject;
import io.meshclient.istio.RequestAuthentication.JwtRule;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes which tokens are believed: Envoy's filter {@code jwt_authn}, set up as by Istio. */
final class JwtFilter {
  static final String NAME = "envoy.filters.http.jwt_authn";

  /** Under this name the claims are kept for the filters behind. */
  static final String PAYLOAD = "payload";

  private static final String DISCOVERY = "/.well-known/openid-configuration";
  private static final String TYPE = "envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication";

  private JwtFilter() {}

  /**
   * The filter for some issuers.
   *
   * @param rules in the order of their issuers
   * @return {@code null} where no tokens are spoken of
   */
  static @Nullable JsonObject of(List<JwtRule> rules) {
    if (rules.isEmpty()) {
      return null;
    }
    Map<String, JsonObject> providers = new TreeMap<>();
    List<JsonObject> orMissing = new ArrayList<>();
    List<JsonObject> any = new ArrayList<>();
    for (int i = 0; i < rules.size(); i++) {
      String name = "origins-" + i;
      providers.put(name, provider(rules.get(i)));
      JsonObject provider = Json.object("provider_name", name);
      any.add(provider);
      orMissing.add(
          requirements(
              "requires_any", List.of(provider, Json.object("allow_missing", new JsonObject()))));
    }
    any.add(requirements("requires_all", orMissing));
    JsonObject required = rules.size() == 1 ? orMissing.get(0) : requirements("requires_any", any);
    JsonObject rule = Json.object("match", Json.object("prefix", "/"), "requires", required);
    return Json.extension(
        NAME, TYPE, "providers", providers, "rules", List.of(rule), "bypass_cors_preflight", true);
  }

  private static JsonObject requirements(String how, List<JsonObject> all) {
    return Json.object(how, Json.object("requirements", all));
  }

  private static JsonObject provider(JwtRule rule) {
    List<String> lists = new ArrayList<>(List.of("scope", "permission"));
    rule.spaceDelimitedClaims().stream().filter(c -> !lists.contains(c)).forEach(lists::add);
    String output = rule.outputPayloadToHeader();
    JsonObject provider =
        Json.object(
            "issuer",
            rule.issuer(),
            "audiences",
            Json.arrayOrNull(rule.audiences()),
            "forward",
            rule.forwardOriginalToken(),
            "forward_payload_header",
            output == null || output.isEmpty() ? null : output,
            "payload_in_metadata",
            PAYLOAD,
            "normalize_payload_in_metadata",
            Json.object("space_delimited_claims", lists),
            "from_headers",
            Json.arrayOrNull(rule.fromHeaders().stream().map(JwtFilter::header).toList()),
            "from_params",
            Json.arrayOrNull(rule.fromParams()),
            "from_cookies",
            Json.arrayOrNull(rule.fromCookies()),
            "claim_to_headers",
            Json.arrayOrNull(
                rule.outputClaimToHeaders().stream()
                    .map(c -> Json.object("header_name", c.header(), "claim_name", c.claim()))
                    .toList()));
    keys(provider, rule);
    return provider;
  }

  private static JsonObject header(io.meshclient.istio.RequestAuthentication.JwtHeader header) {
    return Json.object("name", header.name(), "value_prefix", header.prefix());
  }

  /** A key set that cannot be had believes nobody. */
  private static void keys(JsonObject provider, JwtRule rule) {
    String jwks = rule.jwks();
    URI remote = remote(rule);
    if (jwks != null && !jwks.isEmpty()) {
      provider.add("local_jwks", Json.object("inline_string", jwks));
    } else if (remote == null) {
      provider.add("local_jwks", Json.object("inline_string", "{\"keys\": []}"));
    } else {
      String timeout = rule.timeout() == null ? "5s" : Json.duration(rule.timeout().toNanos());
      provider.add(
          "remote_jwks",
          Json.object(
              "http_uri",
              Json.object("uri", remote, "cluster", RemoteKeys.cluster(remote), "timeout", timeout),
              "cache_duration",
              "1200s"));
    }
  }

  /** Where the keys are fetched; discovery is more than Envoy can do. */
  static @Nullable URI remote(JwtRule rule) {
    String uri = rule.jwksUri();
    if (rule.jwks() != null && !rule.jwks().isEmpty() || uri == null || uri.endsWith(DISCOVERY)) {
      return null;
    }
    try {
      URI parsed = URI.create(uri);
      return parsed.getHost() == null ? null : parsed;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
