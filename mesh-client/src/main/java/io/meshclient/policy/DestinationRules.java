package io.meshclient.policy;

import io.meshclient.istio.Configuration;
import io.meshclient.istio.DestinationRule;
import io.meshclient.istio.DestinationRule.PortTrafficPolicy;
import io.meshclient.istio.DestinationRule.Subset;
import io.meshclient.istio.DestinationRule.TrafficPolicy;
import io.meshclient.istio.Order;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the DestinationRule of a host as a workload sees it: one of its own namespace, else one
 * that the service's namespace exports, else one of the root namespace; among them the full name
 * beats a wildcard and a longer wildcard a shorter one. Several rules for one host are merged.
 */
final class DestinationRules {

  /** A rule for one host, merged from all that name it. */
  record Merged(
      DestinationRule first, @Nullable TrafficPolicy policy, Map<String, Subset> subsets) {}

  private final Configuration configuration;
  private final Workload workload;
  private final List<DestinationRule> rules;

  DestinationRules(Configuration configuration, Workload workload) {
    this.configuration = configuration;
    this.workload = workload;
    this.rules = Order.oldestFirst(configuration.all(DestinationRule.class), workload.namespace());
  }

  @Nullable Merged find(MeshService service) {
    String own = workload.namespace();
    String root = configuration.mesh().rootNamespace();
    List<DestinationRule> found = in(own, service);
    if (found.isEmpty() && !service.namespace().equals(own)) {
      found = in(service.namespace(), service);
    }
    if (found.isEmpty() && !root.equals(own)) {
      found = in(root, service);
    }
    return merge(found);
  }

  /** The rules for the host that fits best, also those that select other workloads. */
  private List<DestinationRule> in(String namespace, MeshService service) {
    List<DestinationRule> candidates = new ArrayList<>();
    String best = null;
    for (DestinationRule rule : rules) {
      if (!rule.metadata().namespaceOr(workload.namespace()).equals(namespace)
          || !isVisible(rule, namespace)) {
        continue;
      }
      String host = Names.resolve(rule.spec().host(), namespace, workload.domain());
      if (!Names.takes(host, service.host())) {
        continue;
      }
      if (best == null || moreSpecific(host, best)) {
        best = host;
        candidates.clear();
      }
      if (host.equals(best)) {
        candidates.add(rule);
      }
    }
    return candidates;
  }

  private boolean isVisible(DestinationRule rule, String namespace) {
    return Exports.visible(
        rule.spec().exportTo(),
        configuration.mesh().defaultDestinationRuleExportTo(),
        namespace,
        workload.namespace());
  }

  private static boolean moreSpecific(String host, String than) {
    if (Names.isWildcard(host) != Names.isWildcard(than)) {
      return Names.isWildcard(than);
    }
    return Names.isWildcard(host) && host.length() > than.length();
  }

  /**
   * A rule that selects this workload stands alone; else of those that select none the first policy
   * holds, and subsets add up. Where all select others, none holds: also not one for a host that
   * fits less.
   */
  private @Nullable Merged merge(List<DestinationRule> candidates) {
    for (DestinationRule rule : candidates) {
      if (selects(rule)) {
        return new Merged(rule, rule.spec().trafficPolicy(), subsets(List.of(rule)));
      }
    }
    List<DestinationRule> general =
        candidates.stream().filter(rule -> rule.spec().workloadSelector() == null).toList();
    if (general.isEmpty()) {
      return null;
    }
    TrafficPolicy policy = null;
    for (DestinationRule rule : general) {
      policy = policy == null ? rule.spec().trafficPolicy() : policy;
    }
    return new Merged(general.get(0), policy, subsets(general));
  }

  /** A rule with a workloadSelector is for workloads of its own namespace that it selects. */
  private boolean selects(DestinationRule rule) {
    return rule.spec().workloadSelector() != null
        && rule.metadata().namespaceOr(workload.namespace()).equals(workload.namespace())
        && rule.spec().workloadSelector().selects(workload.labels());
  }

  private static Map<String, Subset> subsets(List<DestinationRule> rules) {
    Map<String, Subset> subsets = new LinkedHashMap<>();
    for (DestinationRule rule : rules) {
      for (Subset subset : rule.spec().subsets()) {
        subsets.putIfAbsent(subset.name(), subset);
      }
    }
    return subsets;
  }

  /**
   * The policy for one port of a host, or of a subset: a subset's fields replace the same fields; a
   * port's settings replace all four and inherit nothing.
   */
  static @Nullable TrafficPolicy effective(
      @Nullable TrafficPolicy general, @Nullable TrafficPolicy subset, int port) {
    TrafficPolicy base = over(null, general, port);
    return over(base, subset, port);
  }

  private static @Nullable TrafficPolicy over(
      @Nullable TrafficPolicy base, @Nullable TrafficPolicy policy, int port) {
    if (policy == null) {
      return base;
    }
    for (PortTrafficPolicy own : policy.portLevelSettings()) {
      if (own.port() != null && own.port().number() == port) {
        return new TrafficPolicy(
            own.loadBalancer(),
            own.connectionPool(),
            own.outlierDetection(),
            own.tls(),
            List.of(),
            policy.tunnel(),
            policy.proxyProtocol(),
            policy.retryBudget(),
            own.location());
      }
    }
    return new TrafficPolicy(
        policy.loadBalancer() != null || base == null ? policy.loadBalancer() : base.loadBalancer(),
        policy.connectionPool() != null || base == null
            ? policy.connectionPool()
            : base.connectionPool(),
        policy.outlierDetection() != null || base == null
            ? policy.outlierDetection()
            : base.outlierDetection(),
        policy.tls() != null || base == null ? policy.tls() : base.tls(),
        List.of(),
        policy.tunnel() != null || base == null ? policy.tunnel() : base.tunnel(),
        policy.proxyProtocol() != null || base == null
            ? policy.proxyProtocol()
            : base.proxyProtocol(),
        policy.retryBudget() != null || base == null ? policy.retryBudget() : base.retryBudget(),
        policy.location());
  }
}
