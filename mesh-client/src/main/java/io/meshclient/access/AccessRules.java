package io.meshclient.access;

import static java.util.Objects.requireNonNull;

import io.meshclient.istio.AuthorizationPolicy.Action;
import io.meshclient.istio.Configuration;
import io.meshclient.istio.RequestAuthentication.JwtRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rules that an {@link AccessPolicy} of a workload goes by, for those that write them in the
 * words of another proxy. What cannot be carried out is left out as it is there. Immutable.
 *
 * @param steps in the order in which they decide
 * @param tokens the issuers that are believed, in the order in which their tokens are looked at
 */
public record AccessRules(List<Step> steps, List<JwtRule> tokens) {

  /**
   * The rules of one action.
   *
   * @param rules {@code null} where nothing is decided by them; empty for rules that match nothing
   * @param dryRun the rules that are only tried out; {@code null} for none
   */
  public record Step(Action action, @Nullable List<Rule> rules, @Nullable List<Rule> dryRun) {
    public Step {
      rules = rules == null ? null : List.copyOf(rules);
      dryRun = dryRun == null ? null : List.copyOf(dryRun);
    }
  }

  /**
   * It matches where all tests of one of the principals and all of one of the permissions hold.
   *
   * @param name {@code ns[NAMESPACE]-policy[NAME]-rule[INDEX]}
   * @param namespace the policy's
   */
  public record Rule(
      String name, String namespace, List<List<Test>> principals, List<List<Test>> permissions) {
    public Rule {
      principals = List.copyOf(principals);
      permissions = List.copyOf(permissions);
    }
  }

  /**
   * One list of values.
   *
   * @param field of a source or an operation, such as {@code principals}, or a condition's key
   * @param negated whether none of the values may match, rather than one has to
   * @param values with the mesh's trust domain and its aliases for each other
   */
  public record Test(String field, boolean negated, List<String> values) {
    public Test {
      values = List.copyOf(values);
    }
  }

  public AccessRules {
    steps = List.copyOf(steps);
    tokens = List.copyOf(tokens);
  }

  /**
   * The rules for a workload.
   *
   * @param namespace the workload's
   * @param labels the workload's, by which policies select it
   */
  public static AccessRules compile(
      Configuration configuration, String namespace, Map<String, String> labels) {
    requireNonNull(configuration, "configuration");
    requireNonNull(namespace, "namespace");
    requireNonNull(labels, "labels");
    Authorization authorization =
        new AuthzCompiler(configuration, namespace, labels, new AccessProblems()).compile(Map.of());
    AccessRulesReader reader = new AccessRulesReader(TrustNames.of(configuration.mesh()));
    List<Step> steps = new ArrayList<>(reader.custom(authorization.custom()));
    reader.add(steps, Action.AUDIT, authorization.audit());
    reader.add(steps, Action.DENY, authorization.rootDeny());
    reader.add(steps, Action.DENY, authorization.deny());
    reader.add(steps, Action.ALLOW, authorization.allow());
    return new AccessRules(steps, RequestAuthentications.rules(configuration, namespace, labels));
  }
}
