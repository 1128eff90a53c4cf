package io.meshclient.access;

import io.meshclient.istio.AuthorizationPolicy;
import io.meshclient.istio.AuthorizationPolicy.Action;
import io.meshclient.istio.AuthorizationPolicy.Operation;
import io.meshclient.istio.AuthorizationPolicy.Source;
import io.meshclient.istio.Location;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Compiles the rules of one policy. Of what cannot be carried out an ALLOW rule is dropped as a
 * whole, and any other goes without, so that it holds for more: in doubt less is allowed. Follows
 * Istio's pilot/pkg/security/authz/model.
 */
final class RuleCompiler {
  /** A rule of an ALLOW policy that must not let anything in. */
  private static final class Dropped extends Exception {
    private static final long serialVersionUID = 1;
  }

  private final AuthorizationPolicy policy;
  private final String namespace;
  private final TrustNames trust;
  private final AccessProblems problems;

  RuleCompiler(
      AuthorizationPolicy policy, String namespace, TrustNames trust, AccessProblems problems) {
    this.policy = policy;
    this.namespace = namespace;
    this.trust = trust;
    this.problems = problems;
  }

  /** The rules that can match something. */
  List<Rule> compile() {
    List<Rule> compiled = new ArrayList<>();
    List<AuthorizationPolicy.Rule> rules = policy.spec().rules();
    for (int i = 0; i < rules.size(); i++) {
      try {
        compiled.add(rule(rules.get(i), i));
      } catch (Dropped e) {
        problems.dropped(rules.get(i).location(), name(i));
      }
    }
    return compiled;
  }

  private String name(int index) {
    return "ns[" + namespace + "]-policy[" + policy.metadata().name() + "]-rule[" + index + "]";
  }

  private Rule rule(AuthorizationPolicy.Rule rule, int index) throws Dropped {
    List<Condition> principal = new ArrayList<>();
    List<Condition> permission = new ArrayList<>();
    for (AuthorizationPolicy.Condition when : rule.when()) {
      Field field = Field.of(when.key(), namespace, trust);
      if (field == null) {
        problems.unknownKey(when.location(), when.key());
        dropIfAllow();
        continue;
      }
      if (field instanceof Field.OfTexts && when.key().startsWith("experimental.")) {
        problems.noMetadata(when.location(), when.key());
      }
      List<Condition> into = field.isPermission() ? permission : principal;
      into.addAll(conditions(field, when.key(), false, when.values(), when.location()));
      into.addAll(conditions(field, when.key(), true, when.notValues(), when.location()));
    }
    List<List<Condition>> principals = new ArrayList<>();
    for (AuthorizationPolicy.From from : rule.from()) {
      principals.add(joined(source(from.source()), principal));
    }
    List<List<Condition>> permissions = new ArrayList<>();
    for (AuthorizationPolicy.To to : rule.to()) {
      permissions.add(joined(operation(to.operation()), permission));
    }
    return new Rule(
        name(index),
        rule.location(),
        principals.isEmpty() ? List.of(List.copyOf(principal)) : List.copyOf(principals),
        permissions.isEmpty() ? List.of(List.copyOf(permission)) : List.copyOf(permissions));
  }

  private List<Condition> source(@Nullable Source s) throws Dropped {
    List<Condition> all = new ArrayList<>();
    if (s == null) {
      return all;
    }
    Location at = s.location();
    both(all, "source.principal", "principals", s.principals(), s.notPrincipals(), at);
    both(
        all,
        "request.auth.principal",
        "requestPrincipals",
        s.requestPrincipals(),
        s.notRequestPrincipals(),
        at);
    both(all, "source.namespace", "namespaces", s.namespaces(), s.notNamespaces(), at);
    both(
        all,
        "source.serviceAccount",
        "serviceAccounts",
        s.serviceAccounts(),
        s.notServiceAccounts(),
        at);
    both(all, "source.trustDomain", "trustDomains", s.trustDomains(), s.notTrustDomains(), at);
    both(all, "remote.ip", "remoteIpBlocks", s.remoteIpBlocks(), s.notRemoteIpBlocks(), at);
    both(all, "source.ip", "ipBlocks", s.ipBlocks(), s.notIpBlocks(), at);
    return all;
  }

  private List<Condition> operation(@Nullable Operation o) throws Dropped {
    List<Condition> all = new ArrayList<>();
    if (o == null) {
      return all;
    }
    Location at = o.location();
    both(all, Field.permission(Matchers::hosts), "hosts", o.hosts(), o.notHosts(), at);
    both(all, Field.permission(Matchers::methods), "methods", o.methods(), o.notMethods(), at);
    both(all, Field.paths(), "paths", o.paths(), o.notPaths(), at);
    both(all, Field.port(), "ports", o.ports(), o.notPorts(), at);
    return all;
  }

  private void both(
      List<Condition> into,
      String key,
      String name,
      List<String> values,
      List<String> notValues,
      Location location)
      throws Dropped {
    Field field = Field.of(key, namespace, trust);
    if (field != null) {
      both(into, field, name, values, notValues, location);
    }
  }

  private void both(
      List<Condition> into,
      Field field,
      String name,
      List<String> values,
      List<String> notValues,
      Location location)
      throws Dropped {
    into.addAll(conditions(field, name, false, values, location));
    String not = "not" + Character.toUpperCase(name.charAt(0)) + name.substring(1);
    into.addAll(conditions(field, not, true, notValues, location));
  }

  private List<Condition> conditions(
      Field field, String name, boolean negated, List<String> values, Location location)
      throws Dropped {
    List<String> good = good(field, name, values, location);
    return good.isEmpty()
        ? List.of()
        : List.of(new Condition(name, negated, good, field.matcher(good)));
  }

  private List<String> good(Field field, String name, List<String> values, Location location)
      throws Dropped {
    List<String> good = new ArrayList<>();
    for (String value : values) {
      String problem = field.problem(value);
      if (problem == null) {
        good.add(value);
      } else {
        problems.badValue(location, name, value, problem);
        dropIfAllow();
      }
    }
    return List.copyOf(good);
  }

  private void dropIfAllow() throws Dropped {
    if (policy.spec().actionOrDefault() == Action.ALLOW) {
      throw new Dropped();
    }
  }

  private static List<Condition> joined(List<Condition> first, List<Condition> then) {
    List<Condition> all = new ArrayList<>(first);
    all.addAll(then);
    return List.copyOf(all);
  }
}
