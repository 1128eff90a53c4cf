package io.meshclient.cli.export;

import com.google.gson.JsonObject;
import io.meshclient.access.AccessRules;
import io.meshclient.access.AccessRules.Rule;
import io.meshclient.access.AccessRules.Step;
import io.meshclient.access.AccessRules.Test;
import io.meshclient.istio.AuthorizationPolicy.Action;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes AuthorizationPolicies: Envoy's filter {@code rbac}, one for each step of the decision. */
final class RbacFilters {
  private static final String NAME = "envoy.filters.http.rbac";
  private static final String TYPE = "envoy.extensions.filters.http.rbac.v3.RBAC";

  private RbacFilters() {}

  static List<JsonObject> of(AccessRules rules) {
    List<JsonObject> filters = new ArrayList<>();
    for (Step step : rules.steps()) {
      filters.add(filter(step));
    }
    return filters;
  }

  /** Nobody here can ask a provider: what a CUSTOM policy's rules match is denied. */
  private static JsonObject filter(Step step) {
    boolean denies = step.action() == Action.DENY || step.action() == Action.CUSTOM;
    return Json.extension(
        NAME,
        TYPE,
        "rules",
        rules(step.action(), step.rules()),
        "shadow_rules",
        rules(step.action(), step.dryRun()),
        "shadow_rules_stat_prefix",
        denies ? "istio_dry_run_deny_" : "istio_dry_run_allow_");
  }

  private static @Nullable JsonObject rules(Action action, @Nullable List<Rule> rules) {
    if (rules == null) {
      return null;
    }
    JsonObject policies = new JsonObject();
    rules.forEach(rule -> policies.add(rule.name(), policy(rule)));
    String written =
        switch (action) {
          case ALLOW -> "ALLOW";
          case DENY, CUSTOM -> "DENY";
          case AUDIT -> "LOG";
        };
    return Json.object("action", written, "policies", policies);
  }

  private static JsonObject policy(Rule rule) {
    Principals principals = new Principals(rule.namespace());
    return Json.object(
        "permissions",
        rule.permissions().stream()
            .map(all -> and("and_rules", "rules", all, RbacFilters::permission))
            .toList(),
        "principals",
        rule.principals().stream()
            .map(all -> and("and_ids", "ids", all, test -> principal(principals, test)))
            .toList());
  }

  private interface Writer {
    JsonObject write(Test test);
  }

  private static JsonObject and(String how, String field, List<Test> tests, Writer writer) {
    List<JsonObject> all = new ArrayList<>();
    tests.forEach(test -> all.add(writer.write(test)));
    if (all.isEmpty()) {
      all.add(Json.object("any", true));
    }
    return Json.object(how, Json.object(field, all));
  }

  private static JsonObject permission(Test test) {
    List<JsonObject> any =
        test.values().stream().map(value -> Permissions.of(test.field(), value)).toList();
    JsonObject or = Json.object("or_rules", Json.object("rules", any));
    return test.negated() ? Json.object("not_rule", or) : or;
  }

  private static JsonObject principal(Principals principals, Test test) {
    List<JsonObject> any =
        test.values().stream().map(value -> principals.of(test.field(), value)).toList();
    JsonObject or = Json.object("or_ids", Json.object("ids", any));
    return test.negated() ? Json.object("not_id", or) : or;
  }
}
