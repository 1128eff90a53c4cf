package io.meshclient.istio;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code security.istio.io AuthorizationPolicy}: who may do what at a workload. */
public record AuthorizationPolicy(ObjectMeta metadata, Spec spec, Location location)
    implements Resource {

  /**
   * To whom it applies, and what it says.
   *
   * @param rules a request meets the policy when it meets one of them; with none it never does
   * @param action absent means ALLOW
   */
  public record Spec(
      @Nullable Selector selector,
      @Nullable TargetRef targetRef,
      List<TargetRef> targetRefs,
      List<Rule> rules,
      @Nullable Action action,
      @Nullable Provider provider) {

    /** What happens to a request that meets a rule. */
    public Action actionOrDefault() {
      return action == null ? Action.ALLOW : action;
    }
  }

  public enum Action {
    ALLOW,
    DENY,
    AUDIT,
    CUSTOM
  }

  /** The extension provider that decides where the action is CUSTOM. */
  public record Provider(@Nullable String name) {}

  /** Sources, operations and conditions that all have to hold; an empty part always holds. */
  public record Rule(List<From> from, List<To> to, List<Condition> when, Location location) {}

  public record From(@Nullable Source source) {}

  public record To(@Nullable Operation operation) {}

  public record Source(
      List<String> principals,
      List<String> notPrincipals,
      List<String> requestPrincipals,
      List<String> notRequestPrincipals,
      List<String> namespaces,
      List<String> notNamespaces,
      List<String> ipBlocks,
      List<String> notIpBlocks,
      List<String> remoteIpBlocks,
      List<String> notRemoteIpBlocks,
      List<String> serviceAccounts,
      List<String> notServiceAccounts,
      List<String> trustDomains,
      List<String> notTrustDomains,
      Location location) {}

  public record Operation(
      List<String> hosts,
      List<String> notHosts,
      List<String> ports,
      List<String> notPorts,
      List<String> methods,
      List<String> notMethods,
      List<String> paths,
      List<String> notPaths,
      Location location) {}

  public record Condition(
      @Required String key, List<String> values, List<String> notValues, Location location) {}
}
