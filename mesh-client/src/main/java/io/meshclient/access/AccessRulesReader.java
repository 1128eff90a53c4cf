package io.meshclient.access;

import io.meshclient.istio.AuthorizationPolicy.Action;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Makes {@link AccessRules} of compiled policies. */
final class AccessRulesReader {
  private static final String NOT = "not";

  private final TrustNames trust;

  AccessRulesReader(TrustNames trust) {
    this.trust = trust;
  }

  /** Those of providers that nobody knows, under the names that Envoy gives them. */
  List<AccessRules.Step> custom(List<CustomRules> all) {
    return all.stream()
        .map(
            of ->
                new AccessRules.Step(
                    Action.CUSTOM,
                    of.all().stream().map(rule -> rule(of.nameOf(rule), rule)).toList(),
                    null))
        .toList();
  }

  void add(List<AccessRules.Step> steps, Action action, ActionRules rules) {
    if (rules.enforced() != null || rules.tried() != null) {
      steps.add(new AccessRules.Step(action, rules(rules.enforced()), rules(rules.tried())));
    }
  }

  private @Nullable List<AccessRules.Rule> rules(@Nullable RuleTable table) {
    return table == null
        ? null
        : table.rules().stream().map(rule -> rule(rule.name(), rule)).toList();
  }

  private AccessRules.Rule rule(String name, Rule rule) {
    String namespace = rule.name().substring("ns[".length(), rule.name().indexOf(']'));
    return new AccessRules.Rule(
        name, namespace, tests(rule.principals()), tests(rule.permissions()));
  }

  private List<List<AccessRules.Test>> tests(List<List<Condition>> alternatives) {
    return alternatives.stream().map(all -> all.stream().map(this::test).toList()).toList();
  }

  private AccessRules.Test test(Condition condition) {
    String field = field(condition);
    List<String> values =
        switch (field) {
          case "principals", "source.principal" -> trust.principals(condition.values());
          case "trustDomains", "source.trustDomain" -> trust.trustDomains(condition.values());
          default -> condition.values();
        };
    return new AccessRules.Test(field, condition.negated(), values);
  }

  /** {@code notPaths} is about paths; keys of conditions have no such form. */
  private static String field(Condition condition) {
    String field = condition.field();
    boolean negative = condition.negated() && field.startsWith(NOT) && field.indexOf('.') < 0;
    return negative
        ? field.substring(NOT.length(), NOT.length() + 1).toLowerCase(Locale.ROOT)
            + field.substring(NOT.length() + 1)
        : field;
  }
}
