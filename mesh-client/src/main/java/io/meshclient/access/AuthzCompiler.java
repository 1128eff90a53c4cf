package io.meshclient.access;

import io.meshclient.istio.AuthorizationPolicy;
import io.meshclient.istio.AuthorizationPolicy.Action;
import io.meshclient.istio.Configuration;
import io.meshclient.istio.Order;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Compiles the AuthorizationPolicies of a workload. For one thread. */
final class AuthzCompiler {
  private static final String DRY_RUN = "istio.io/dry-run";
  private static final Set<String> TRUE = Set.of("1", "t", "T", "true", "TRUE", "True");

  private final String namespace;
  private final AccessProblems problems;
  private final TrustNames trust;
  private final String root;
  private final List<AuthorizationPolicy> policies;

  AuthzCompiler(
      Configuration configuration,
      String namespace,
      Map<String, String> labels,
      AccessProblems problems) {
    this.namespace = namespace;
    this.problems = problems;
    this.trust = TrustNames.of(configuration.mesh());
    this.root = configuration.mesh().rootNamespace();
    this.policies =
        Order.oldestFirst(configuration.all(AuthorizationPolicy.class), namespace).stream()
            .filter(policy -> Scope.reaches(policy.metadata(), namespace, root))
            .filter(AuthzCompiler::isForSidecars)
            .filter(policy -> Scope.selects(policy.spec().selector(), labels))
            .toList();
  }

  Authorization compile(Map<String, CustomAuthorizer> authorizers) {
    return new Authorization(
        custom(authorizers),
        rules(Action.AUDIT, policy -> true),
        rules(Action.DENY, this::isRoot),
        rules(Action.DENY, policy -> !isRoot(policy)),
        rules(Action.ALLOW, policy -> true));
  }

  private ActionRules rules(Action action, Predicate<AuthorizationPolicy> wanted) {
    List<AuthorizationPolicy> all =
        policies.stream()
            .filter(policy -> policy.spec().actionOrDefault() == action)
            .filter(wanted)
            .toList();
    return new ActionRules(
        table(all.stream().filter(policy -> !isDryRun(policy)).toList()),
        table(all.stream().filter(AuthzCompiler::isDryRun).toList()));
  }

  private @Nullable RuleTable table(List<AuthorizationPolicy> all) {
    if (all.isEmpty()) {
      return null;
    }
    List<Rule> rules = new ArrayList<>();
    for (AuthorizationPolicy policy : all) {
      String own = policy.metadata().namespaceOr(namespace);
      rules.addAll(new RuleCompiler(policy, own, trust, problems).compile());
    }
    return new RuleTable(rules);
  }

  private List<CustomRules> custom(Map<String, CustomAuthorizer> authorizers) {
    Map<String, List<AuthorizationPolicy>> byProvider = new TreeMap<>();
    for (AuthorizationPolicy policy : policies) {
      AuthorizationPolicy.Provider provider = policy.spec().provider();
      if (policy.spec().actionOrDefault() == Action.CUSTOM && !isDryRun(policy)) {
        String name = provider == null || provider.name() == null ? "" : provider.name();
        byProvider.computeIfAbsent(name, key -> new ArrayList<>()).add(policy);
      }
    }
    List<CustomRules> custom = new ArrayList<>();
    byProvider.forEach(
        (provider, all) -> {
          CustomAuthorizer authorizer = authorizers.get(provider);
          if (authorizer == null) {
            problems.noAuthorizer(all.get(0).location(), provider);
          }
          RuleTable rules = table(all);
          if (rules != null) {
            custom.add(new CustomRules(provider, authorizer, rules));
          }
        });
    return custom;
  }

  private boolean isRoot(AuthorizationPolicy policy) {
    return policy.metadata().namespaceOr(namespace).equals(root);
  }

  /** What is attached to a gateway or a service is not a sidecar's. */
  private static boolean isForSidecars(AuthorizationPolicy policy) {
    return policy.spec().targetRef() == null && policy.spec().targetRefs().isEmpty();
  }

  /** As Go reads a boolean; what is none counts as false. */
  private static boolean isDryRun(AuthorizationPolicy policy) {
    return TRUE.contains(policy.metadata().annotations().getOrDefault(DRY_RUN, ""));
  }
}
