package io.meshclient.access;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rules of CUSTOM policies that name one provider. Immutable.
 *
 * @param authorizer {@code null} where none is registered: what the rules match is denied
 */
record CustomRules(String provider, @Nullable CustomAuthorizer authorizer, RuleTable rules) {

  /** As Envoy names the rule of a policy whose provider is missing. */
  String nameOf(Rule rule) {
    String name = "istio-ext-authz-" + provider + "-" + rule.name();
    return authorizer == null ? name + "-deny-due-to-bad-CUSTOM-action" : name;
  }

  List<Rule> all() {
    return rules.rules();
  }
}
