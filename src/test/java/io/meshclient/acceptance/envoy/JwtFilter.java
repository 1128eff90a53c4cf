package io.meshclient.acceptance.envoy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** The filter that checks tokens: what a workload's RequestAuthentications come to. */
final class JwtFilter {

  private JwtFilter() {}

  /** The filter, in a list of its own; an empty list where no token is asked for. */
  static List<Map<String, Object>> of(AppliedResources resources) {
    List<Object> rules = new ArrayList<>();
    for (Map<String, Object> each : resources.ofKind("RequestAuthentication")) {
      rules.addAll(Js.list(Js.map(each, "spec"), "jwtRules"));
    }
    if (rules.isEmpty()) {
      return List.of();
    }
    rules.sort(Comparator.comparing(rule -> Js.string(rule, "issuer")));
    Map<String, Object> providers = new LinkedHashMap<>();
    List<Object> good = new ArrayList<>();
    List<Object> goodOrMissing = new ArrayList<>();
    for (Object rule : rules) {
      String name = "origins-" + providers.size();
      providers.put(name, provider(rule));
      Map<String, Object> required = Js.object("provider_name", name);
      good.add(required);
      goodOrMissing.add(any(List.of(required, Js.object("allow_missing", Js.object()))));
    }
    return List.of(filter(providers, requirement(good, goodOrMissing)));
  }

  /** Several issuers may share a place, where a token of one is a bad one to the others. */
  private static Object requirement(List<Object> good, List<Object> goodOrMissing) {
    if (good.size() == 1) {
      return goodOrMissing.get(0);
    }
    List<Object> alternatives = new ArrayList<>(good);
    alternatives.add(Js.object("requires_all", Js.object("requirements", goodOrMissing)));
    return any(alternatives);
  }

  private static Map<String, Object> any(List<Object> requirements) {
    return Js.object("requires_any", Js.object("requirements", requirements));
  }

  private static Map<String, Object> filter(Map<String, Object> providers, Object requirement) {
    return Js.extension(
        "envoy.filters.http.jwt_authn",
        Js.typed(
            "envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication",
            "providers",
            providers,
            "rules",
            List.of(Js.object("match", Js.object("prefix", "/"), "requires", requirement)),
            "bypass_cors_preflight",
            true));
  }

  private static Map<String, Object> provider(Object rule) {
    TreeSet<String> spaceDelimited = new TreeSet<>(List.of("permission", "scope"));
    spaceDelimited.addAll(Js.strings(rule, "spaceDelimitedClaims"));
    return Js.object(
        "issuer",
        Js.string(rule, "issuer"),
        "audiences",
        Js.strings(rule, "audiences"),
        "forward",
        Boolean.parseBoolean(Js.string(rule, "forwardOriginalToken")),
        "forward_payload_header",
        Js.string(rule, "outputPayloadToHeader"),
        "payload_in_metadata",
        "payload",
        "normalize_payload_in_metadata",
        Js.object("space_delimited_claims", List.copyOf(spaceDelimited)),
        "claim_to_headers",
        Js.list(rule, "outputClaimToHeaders").stream()
            .map(
                to ->
                    Js.object(
                        "header_name", Js.string(to, "header"),
                        "claim_name", Js.string(to, "claim")))
            .toList(),
        "from_headers",
        Js.list(rule, "fromHeaders").stream()
            .map(
                from ->
                    Js.object(
                        "name", Js.string(from, "name"),
                        "value_prefix", Js.string(from, "prefix")))
            .toList(),
        "from_params",
        Js.strings(rule, "fromParams"),
        "from_cookies",
        Js.strings(rule, "fromCookies"),
        "local_jwks",
        Js.object("inline_string", Js.string(rule, "jwks")));
  }
}
