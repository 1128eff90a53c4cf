package io.meshclient.access;

import io.meshclient.istio.Configuration;
import io.meshclient.istio.Order;
import io.meshclient.istio.PeerAuthentication;
import io.meshclient.istio.PeerAuthentication.MutualTls;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The PeerAuthentications of a workload: the narrowest that says something wins, of several of one
 * scope the oldest. Immutable.
 *
 * @param byPort what differs at single ports
 */
record PeerModes(PeerMode other, Map<Integer, PeerMode> byPort) {

  PeerModes {
    byPort = Map.copyOf(byPort);
  }

  static PeerModes compile(
      Configuration configuration, String namespace, Map<String, String> labels) {
    String root = configuration.mesh().rootNamespace();
    List<PeerAuthentication> all =
        Order.oldestFirst(configuration.all(PeerAuthentication.class), namespace);
    PeerMode mode = PeerMode.PERMISSIVE;
    mode = mode(first(all, policy -> isFor(policy, namespace, root) && isForAll(policy)), mode);
    if (!namespace.equals(root)) {
      mode =
          mode(first(all, policy -> isFor(policy, namespace, namespace) && isForAll(policy)), mode);
    }
    PeerAuthentication own =
        first(
            all,
            policy ->
                isFor(policy, namespace, namespace)
                    && !namespace.equals(root)
                    && !isForAll(policy)
                    && Scope.selects(policy.spec().selector(), labels));
    mode = mode(own, mode);
    return new PeerModes(mode, own == null ? Map.of() : ports(own, mode));
  }

  PeerMode of(int port) {
    return byPort.isEmpty() ? other : byPort.getOrDefault(port, other);
  }

  private static Map<Integer, PeerMode> ports(PeerAuthentication policy, PeerMode otherwise) {
    Map<Integer, PeerMode> modes = new HashMap<>();
    policy
        .spec()
        .portLevelMtls()
        .forEach((port, mtls) -> modes.put(Integer.valueOf(port), mode(mtls, otherwise)));
    return modes;
  }

  private static boolean isFor(PeerAuthentication policy, String own, String namespace) {
    return policy.metadata().namespaceOr(own).equals(namespace);
  }

  private static boolean isForAll(PeerAuthentication policy) {
    return policy.spec().selector() == null || policy.spec().selector().matchLabels().isEmpty();
  }

  private static @Nullable PeerAuthentication first(
      List<PeerAuthentication> policies, Predicate<PeerAuthentication> wanted) {
    return policies.stream().filter(wanted).findFirst().orElse(null);
  }

  private static PeerMode mode(@Nullable PeerAuthentication policy, PeerMode otherwise) {
    return policy == null ? otherwise : mode(policy.spec().mtls(), otherwise);
  }

  private static PeerMode mode(@Nullable MutualTls mtls, PeerMode otherwise) {
    if (mtls == null || mtls.mode() == null) {
      return otherwise;
    }
    return switch (mtls.mode()) {
      case UNSET -> otherwise;
      case DISABLE -> PeerMode.DISABLE;
      case PERMISSIVE -> PeerMode.PERMISSIVE;
      case STRICT -> PeerMode.STRICT;
    };
  }
}
