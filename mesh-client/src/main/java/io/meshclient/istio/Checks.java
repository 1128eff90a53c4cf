package io.meshclient.istio;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** What Istio refuses although every field of it is well formed. */
final class Checks {
  static final NodePath SPEC = NodePath.ROOT.to("spec");

  private Checks() {}

  static void check(Resource resource, Faults faults) {
    if (resource instanceof VirtualService virtualService) {
      new VirtualServiceChecks(faults).check(virtualService.spec());
    } else if (resource instanceof DestinationRule rule) {
      new DestinationRuleChecks(faults).check(rule.spec());
    } else if (resource instanceof ServiceEntry entry) {
      new ServiceEntryChecks(faults).check(entry.spec());
    } else if (resource instanceof WorkloadEntry entry) {
      new ServiceEntryChecks(faults).endpoint(entry.spec(), SPEC);
    } else if (resource instanceof Sidecar sidecar) {
      sidecar(sidecar.spec(), faults);
    } else if (resource instanceof AuthorizationPolicy policy) {
      new SecurityChecks(faults).check(policy.spec());
    } else if (resource instanceof PeerAuthentication authentication) {
      new SecurityChecks(faults).check(authentication.spec());
    }
  }

  static void host(Faults faults, String host, NodePath path) {
    if (!Names.isHost(host)) {
      faults.error(
          Code.BAD_HOST,
          path,
          '"' + Values.printable(host) + "\" (expected: a host name; * only as its first label)");
    }
  }

  /** Reports what has the same name as something before it. */
  static <T> void distinct(
      Faults faults, List<T> values, Function<T, Object> name, Function<Integer, NodePath> path) {
    Set<Object> seen = new HashSet<>();
    for (int i = 0; i < values.size(); i++) {
      Object at = name.apply(values.get(i));
      if (!seen.add(at)) {
        faults.error(
            Code.DUPLICATE_NAME,
            path.apply(i),
            Values.printable(at + "") + " again (expected: once)");
      }
    }
  }

  static boolean allEmpty(Collection<?>... lists) {
    for (Collection<?> list : lists) {
      if (!list.isEmpty()) {
        return false;
      }
    }
    return true;
  }

  private static void sidecar(Sidecar.Spec spec, Faults faults) {
    for (int i = 0; i < spec.egress().size(); i++) {
      List<String> hosts = spec.egress().get(i).hosts();
      for (int j = 0; j < hosts.size(); j++) {
        String host = hosts.get(j);
        int slash = host.indexOf('/');
        if (slash <= 0 || !Names.isHost(host.substring(slash + 1))) {
          faults.error(
              Code.BAD_HOST,
              SPEC.to("egress").to(i).to("hosts").to(j),
              '"' + Values.printable(host) + "\" (expected: namespace/host, each may be *)");
        }
      }
    }
  }
}
