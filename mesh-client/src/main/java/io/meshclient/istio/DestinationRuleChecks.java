package io.meshclient.istio;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What Istio refuses of a DestinationRule. */
final class DestinationRuleChecks {
  private static final int WHOLE = 100;

  private final Faults faults;

  DestinationRuleChecks(Faults faults) {
    this.faults = faults;
  }

  void check(DestinationRule.Spec spec) {
    Checks.host(faults, spec.host(), Checks.SPEC.to("host"));
    policy(spec.trafficPolicy(), Checks.SPEC.to("trafficPolicy"));
    List<DestinationRule.Subset> subsets = spec.subsets();
    NodePath path = Checks.SPEC.to("subsets");
    for (int i = 0; i < subsets.size(); i++) {
      policy(subsets.get(i).trafficPolicy(), path.to(i).to("trafficPolicy"));
    }
    Checks.distinct(faults, subsets, DestinationRule.Subset::name, i -> path.to(i).to("name"));
  }

  private void policy(DestinationRule.@Nullable TrafficPolicy policy, NodePath path) {
    if (policy == null) {
      return;
    }
    loadBalancer(policy.loadBalancer(), path.to("loadBalancer"));
    tls(policy.tls(), path.to("tls"));
    List<DestinationRule.PortTrafficPolicy> ports = policy.portLevelSettings();
    for (int i = 0; i < ports.size(); i++) {
      NodePath at = path.to("portLevelSettings").to(i);
      if (ports.get(i).port() == null) {
        faults.error(Code.MISSING, at.to("port"), "missing (expected: a port's number)");
      }
      loadBalancer(ports.get(i).loadBalancer(), at.to("loadBalancer"));
      tls(ports.get(i).tls(), at.to("tls"));
    }
  }

  private void loadBalancer(DestinationRule.@Nullable LoadBalancer balancer, NodePath path) {
    DestinationRule.ConsistentHash hash = balancer == null ? null : balancer.consistentHash();
    boolean keyless =
        hash != null
            && hash.httpHeaderName() == null
            && hash.httpCookie() == null
            && hash.useSourceIp() == null
            && hash.httpQueryParameterName() == null;
    if (keyless) {
      faults.error(
          Code.MISSING,
          path.to("consistentHash"),
          "nothing to hash (expected: httpHeaderName, httpCookie, useSourceIp or"
              + " httpQueryParameterName)");
    }
    if (balancer != null && balancer.localityLbSetting() != null) {
      locality(balancer.localityLbSetting(), path.to("localityLbSetting"));
    }
  }

  private void locality(DestinationRule.LocalityLb locality, NodePath path) {
    if (!locality.distribute().isEmpty() && !locality.failover().isEmpty()) {
      contradiction(path, "distribute and failover", "one of both");
    }
    for (int i = 0; i < locality.distribute().size(); i++) {
      long sum = 0;
      for (int share : locality.distribute().get(i).to().values()) {
        sum += share;
      }
      if (sum != WHOLE) {
        faults.error(
            Code.OUT_OF_RANGE,
            path.to("distribute").to(i).to("to"),
            sum + " in sum (expected: " + WHOLE + ")");
      }
    }
    for (int i = 0; i < locality.failover().size(); i++) {
      DestinationRule.Failover failover = locality.failover().get(i);
      if (failover.from().equals(failover.to())) {
        contradiction(path.to("failover").to(i), "from and to are the same", "two regions");
      }
    }
  }

  private void tls(DestinationRule.@Nullable Tls tls, NodePath path) {
    if (tls == null) {
      return;
    }
    boolean files = isSet(tls.clientCertificate()) || isSet(tls.privateKey());
    boolean named = isSet(tls.credentialName());
    if (named && (files || isSet(tls.caCertificates()))) {
      contradiction(path, "credentialName and files", "one of both");
    }
    if (tls.mode() == DestinationRule.TlsMode.ISTIO_MUTUAL && (files || named)) {
      contradiction(path, "ISTIO_MUTUAL and certificates of its own", "one of both");
    }
    boolean pair = isSet(tls.clientCertificate()) && isSet(tls.privateKey());
    if (tls.mode() == DestinationRule.TlsMode.MUTUAL && !named && !pair) {
      faults.error(
          Code.MISSING,
          path,
          "MUTUAL without a certificate (expected: clientCertificate and privateKey, or"
              + " credentialName)");
    }
  }

  private static boolean isSet(@Nullable String text) {
    return text != null && !text.isEmpty();
  }

  private void contradiction(NodePath path, String what, String expected) {
    faults.error(Code.CONTRADICTION, path, what + " (expected: " + expected + ")");
  }
}
