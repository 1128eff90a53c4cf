package io.meshclient.istio;

import java.util.List;

/** What Istio refuses of a VirtualService as a whole. */
final class VirtualServiceChecks {
  private final Faults faults;

  VirtualServiceChecks(Faults faults) {
    this.faults = faults;
  }

  void check(VirtualService.Spec spec) {
    hosts(spec);
    if (Checks.allEmpty(spec.http(), spec.tls(), spec.tcp())) {
      faults.error(Code.MISSING, Checks.SPEC.to("http"), "missing (expected: http, tls or tcp)");
    }
    HttpRuleChecks rules = new HttpRuleChecks(faults);
    for (int i = 0; i < spec.http().size(); i++) {
      rules.check(spec.http().get(i), Checks.SPEC.to("http").to(i));
    }
    for (int i = 0; i < spec.tls().size(); i++) {
      rules.weights(spec.tls().get(i).route(), Checks.SPEC.to("tls").to(i).to("route"));
    }
    for (int i = 0; i < spec.tcp().size(); i++) {
      rules.weights(spec.tcp().get(i).route(), Checks.SPEC.to("tcp").to(i).to("route"));
    }
  }

  private void hosts(VirtualService.Spec spec) {
    NodePath path = Checks.SPEC.to("hosts");
    List<String> hosts = spec.hosts();
    if (hosts.isEmpty() && !isDelegate(spec)) {
      faults.error(
          Code.NO_HOSTS,
          path,
          "empty (expected: a host; only a delegate, with http rules and no gateways, has none)");
    }
    boolean mesh = spec.gateways().isEmpty() || spec.gateways().contains("mesh");
    for (int i = 0; i < hosts.size(); i++) {
      Checks.host(faults, hosts.get(i), path.to(i));
      if (mesh && hosts.get(i).equals("*")) {
        faults.error(
            Code.BAD_HOST, path.to(i), "\"*\" (expected: a narrower host where gateways has mesh)");
      }
    }
    Checks.distinct(faults, hosts, host -> host, path::to);
  }

  private static boolean isDelegate(VirtualService.Spec spec) {
    return !spec.http().isEmpty()
        && Checks.allEmpty(spec.gateways(), spec.tls(), spec.tcp())
        && spec.http().stream().allMatch(rule -> rule.delegate() == null);
  }
}
