package io.meshclient.access;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The AuthorizationPolicies of a workload, in the order in which Envoy asks them: CUSTOM, AUDIT,
 * DENY of the root namespace, DENY, ALLOW. Immutable.
 */
record Authorization(
    List<CustomRules> custom,
    ActionRules audit,
    ActionRules rootDeny,
    ActionRules deny,
    ActionRules allow) {
  private static final int MOST_REASONS = 20;

  Authorization {
    custom = List.copyOf(custom);
  }

  /** Fills in what becomes of the request. */
  void decide(Facts facts, Outcome outcome) {
    if (custom(facts, outcome)) {
      return;
    }
    Rule marking = audit.match(facts);
    outcome.audited(marking != null);
    if (denied(rootDeny, facts, outcome) || denied(deny, facts, outcome)) {
      return;
    }
    tryAllow(facts, outcome);
    if (allow.enforced() == null) {
      outcome.rule(marking);
      return;
    }
    Rule allowing = allow.match(facts);
    outcome.rule(allowing);
    if (allowing == null) {
      outcome.deny("none", reasons(facts));
    }
  }

  /** What each rule makes of the request. */
  List<AccessExplanation.Step> steps(Facts facts) {
    List<AccessExplanation.Step> steps = new ArrayList<>();
    custom.forEach(rules -> add(steps, "CUSTOM", rules.all(), facts));
    add(steps, "AUDIT", audit.rules(), facts);
    add(steps, "DENY", rootDeny.rules(), facts);
    add(steps, "DENY", deny.rules(), facts);
    add(steps, "ALLOW", allow.rules(), facts);
    return steps;
  }

  private static void add(
      List<AccessExplanation.Step> steps, String action, List<Rule> rules, Facts facts) {
    rules.forEach(rule -> steps.add(AccessExplanation.Step.of(action, rule, facts)));
  }

  private boolean custom(Facts facts, Outcome outcome) {
    for (CustomRules rules : custom) {
      Rule rule = rules.rules().match(facts);
      if (rule == null) {
        continue;
      }
      CustomAuthorizer authorizer = rules.authorizer();
      String at = rule.name() + " (" + rule.location().fileAndLine() + ")";
      if (authorizer == null) {
        outcome.rule(rule);
        outcome.deny(
            rules.nameOf(rule),
            List.of("CUSTOM " + at + ": no authorizer \"" + rules.provider() + "\""));
        return true;
      }
      if (!authorizer.allows(facts.request(), AccessPolicy.principal(facts.token()))) {
        outcome.rule(rule);
        outcome.denyByAuthorizer("CUSTOM " + at + ": refused by \"" + rules.provider() + "\"");
        return true;
      }
    }
    return false;
  }

  private static boolean denied(ActionRules rules, Facts facts, Outcome outcome) {
    if (rules.tried() != null) {
      outcome.triedDeny(rules.tried().match(facts));
    }
    Rule denying = rules.match(facts);
    if (denying == null) {
      return false;
    }
    outcome.rule(denying);
    outcome.deny(
        denying.name(),
        List.of("DENY " + denying.name() + " (" + denying.location().fileAndLine() + ") matches"));
    return true;
  }

  private void tryAllow(Facts facts, Outcome outcome) {
    if (allow.tried() != null) {
      outcome.triedAllow(allow.tried().match(facts));
    }
  }

  /** For each rule that could have let the request in, what it lacks. */
  private List<String> reasons(Facts facts) {
    List<Rule> rules = allow.rules();
    if (rules.isEmpty()) {
      return List.of("no ALLOW rule is there, and an ALLOW policy is: nothing is allowed");
    }
    List<String> reasons = new ArrayList<>();
    for (Rule rule : rules.subList(0, Math.min(rules.size(), MOST_REASONS))) {
      @Nullable String failure = rule.failure(facts);
      reasons.add("ALLOW " + rule.name() + " (" + rule.location().fileAndLine() + ") " + failure);
    }
    if (rules.size() > MOST_REASONS) {
      reasons.add("and " + (rules.size() - MOST_REASONS) + " ALLOW rules more");
    }
    return reasons;
  }
}
