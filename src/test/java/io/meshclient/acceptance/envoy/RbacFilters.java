package io.meshclient.acceptance.envoy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

/** The RBAC filters of a workload: what its AuthorizationPolicies come to, in Istio's order. */
final class RbacFilters {

  private static final Map<String, Object> NEVER =
      Js.object(
          "permissions", List.of(Js.object("not_rule", Js.object("any", true))),
          "principals", List.of(Js.object("not_id", Js.object("any", true))));

  private final AppliedResources resources;
  private final List<Map<String, Object>> policies;

  private RbacFilters(AppliedResources resources) {
    this.resources = resources;
    this.policies = resources.ofKind("AuthorizationPolicy");
  }

  static List<Map<String, Object>> of(AppliedResources resources) {
    RbacFilters filters = new RbacFilters(resources);
    List<Map<String, Object>> all = new ArrayList<>();
    all.add(filters.custom());
    all.add(filters.filter("AUDIT", "LOG", policy -> true));
    all.add(filters.filter("DENY", "DENY", filters::isOfRoot));
    all.add(filters.filter("DENY", "DENY", policy -> !filters.isOfRoot(policy)));
    all.add(filters.filter("ALLOW", "ALLOW", policy -> true));
    return all.stream().filter(Objects::nonNull).toList();
  }

  private boolean isOfRoot(Map<String, Object> policy) {
    return AppliedResources.namespaceOf(policy).equals(resources.rootNamespace());
  }

  /** There is no provider here: what a CUSTOM policy matches is denied. */
  private Map<String, Object> custom() {
    Map<String, Object> rules = new LinkedHashMap<>();
    for (Map<String, Object> policy : ofAction("CUSTOM", policy -> true)) {
      String provider = Js.string(Js.map(Js.map(policy, "spec"), "provider"), "name");
      translated(policy)
          .forEach(
              (name, rule) ->
                  rules.put(
                      "istio-ext-authz-" + provider + "-" + name + "-deny-due-to-bad-CUSTOM-action",
                      rule));
    }
    return rules.isEmpty() ? null : rbac("rules", Js.object("action", "DENY", "policies", rules));
  }

  private Map<String, Object> filter(
      String action, String does, Predicate<Map<String, Object>> which) {
    List<Map<String, Object>> chosen = ofAction(action, which);
    if (chosen.isEmpty()) {
      return null;
    }
    List<Object> fields = new ArrayList<>();
    if (!chosen.stream().allMatch(RbacFilters::isDryRun)) {
      fields.addAll(List.of("rules", rules(does, chosen, policy -> !isDryRun(policy))));
    }
    if (chosen.stream().anyMatch(RbacFilters::isDryRun)) {
      String prefix = does.equals("DENY") ? "istio_dry_run_deny_" : "istio_dry_run_allow_";
      fields.addAll(List.of("shadow_rules", rules(does, chosen, RbacFilters::isDryRun)));
      fields.addAll(List.of("shadow_rules_stat_prefix", prefix));
    }
    return rbac(fields.toArray());
  }

  private Object rules(
      String does, List<Map<String, Object>> chosen, Predicate<Map<String, Object>> which) {
    Map<String, Object> rules = new LinkedHashMap<>();
    chosen.stream().filter(which).forEach(policy -> rules.putAll(translated(policy)));
    return Js.object("action", does, "policies", rules);
  }

  private List<Map<String, Object>> ofAction(String action, Predicate<Map<String, Object>> which) {
    return policies.stream()
        .filter(policy -> action.equals(actionOf(policy)))
        .filter(which)
        .toList();
  }

  private static String actionOf(Map<String, Object> policy) {
    String action = Js.string(Js.map(policy, "spec"), "action");
    return action == null ? "ALLOW" : action;
  }

  private static boolean isDryRun(Map<String, Object> policy) {
    Map<String, Object> annotations = Js.map(Js.map(policy, "metadata"), "annotations");
    return "true".equals(Js.string(annotations, "istio.io/dry-run"));
  }

  private Map<String, Object> translated(Map<String, Object> policy) {
    String namespace = AppliedResources.namespaceOf(policy);
    RuleTranslation translation = new RuleTranslation(resources.trustDomains(), namespace);
    String of = "ns[" + namespace + "]-policy[" + AppliedResources.nameOf(policy) + "]-rule[%d]";
    Map<String, Object> translated = new LinkedHashMap<>();
    List<?> rules = Js.list(Js.map(policy, "spec"), "rules");
    for (int i = 0; i < rules.size(); i++) {
      translated.put(of.formatted(i), translation.translate(rules.get(i)));
    }
    if (rules.isEmpty()) {
      translated.put(of.formatted(0), NEVER);
    }
    return translated;
  }

  private static Map<String, Object> rbac(Object... fields) {
    return Js.extension(
        "envoy.filters.http.rbac", Js.typed("envoy.extensions.filters.http.rbac.v3.RBAC", fields));
  }
}
