package io.meshclient.istio;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What Istio refuses of the security policies. */
final class SecurityChecks {
  private final Faults faults;

  SecurityChecks(Faults faults) {
    this.faults = faults;
  }

  void check(AuthorizationPolicy.Spec spec) {
    boolean custom = spec.action() == AuthorizationPolicy.Action.CUSTOM;
    AuthorizationPolicy.Provider provider = spec.provider();
    boolean named = provider != null && provider.name() != null && !provider.name().isEmpty();
    if (custom && !named) {
      String expected = "missing (expected: the extension provider that decides)";
      faults.error(Code.MISSING, Checks.SPEC.to("provider").to("name"), expected);
    }
    if (!custom && provider != null) {
      faults.error(
          Code.CONTRADICTION,
          Checks.SPEC.to("provider"),
          "a provider without CUSTOM (expected: action CUSTOM, or no provider)");
    }
    for (int i = 0; i < spec.rules().size(); i++) {
      rule(spec.rules().get(i), Checks.SPEC.to("rules").to(i));
    }
  }

  void check(PeerAuthentication.Spec spec) {
    NodePath path = Checks.SPEC.to("portLevelMtls");
    boolean everyone = spec.selector() == null || spec.selector().matchLabels().isEmpty();
    if (everyone && !spec.portLevelMtls().isEmpty()) {
      faults.error(
          Code.CONTRADICTION, path, "ports without a selector (expected: a selector with labels)");
    }
    for (String port : spec.portLevelMtls().keySet()) {
      if (!isPort(port)) {
        String shown = '"' + Values.printable(port) + '"';
        faults.error(Code.BAD_FORMAT, path.to(port), shown + " (expected: a port, 1..65535)");
      }
    }
  }

  private void rule(AuthorizationPolicy.Rule rule, NodePath path) {
    for (int i = 0; i < rule.from().size(); i++) {
      if (isEmpty(rule.from().get(i).source())) {
        faults.error(
            Code.EMPTY_MATCH,
            path.to("from").to(i),
            "an empty source (expected: one field at least)");
      }
    }
    for (int i = 0; i < rule.to().size(); i++) {
      if (isEmpty(rule.to().get(i).operation())) {
        faults.error(
            Code.EMPTY_MATCH,
            path.to("to").to(i),
            "an empty operation (expected: one field at least)");
      }
    }
    List<AuthorizationPolicy.Condition> when = rule.when();
    for (int i = 0; i < when.size(); i++) {
      if (Checks.allEmpty(when.get(i).values(), when.get(i).notValues())) {
        faults.error(
            Code.EMPTY_MATCH,
            path.to("when").to(i),
            "neither values nor notValues (expected: one of both at least)");
      }
    }
  }

  private static boolean isEmpty(AuthorizationPolicy.@Nullable Source s) {
    return s == null
        || Checks.allEmpty(
            s.principals(),
            s.notPrincipals(),
            s.requestPrincipals(),
            s.notRequestPrincipals(),
            s.namespaces(),
            s.notNamespaces(),
            s.ipBlocks(),
            s.notIpBlocks(),
            s.remoteIpBlocks(),
            s.notRemoteIpBlocks(),
            s.serviceAccounts(),
            s.notServiceAccounts(),
            s.trustDomains(),
            s.notTrustDomains());
  }

  private static boolean isEmpty(AuthorizationPolicy.@Nullable Operation o) {
    return o == null
        || Checks.allEmpty(
            o.hosts(),
            o.notHosts(),
            o.ports(),
            o.notPorts(),
            o.methods(),
            o.notMethods(),
            o.paths(),
            o.notPaths());
  }

  private static boolean isPort(String text) {
    boolean digits = !text.isEmpty() && text.length() <= 5 && text.chars().allMatch(Names::isDigit);
    return digits && Integer.parseInt(text) >= 1 && Integer.parseInt(text) <= 65535;
  }
}
