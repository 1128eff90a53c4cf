package io.meshclient.istio;

import java.util.List;

/** What Istio refuses of a ServiceEntry, and of an endpoint wherever it stands. */
final class ServiceEntryChecks {
  private final Faults faults;

  ServiceEntryChecks(Faults faults) {
    this.faults = faults;
  }

  void check(ServiceEntry.Spec spec) {
    NodePath hosts = Checks.SPEC.to("hosts");
    for (int i = 0; i < spec.hosts().size(); i++) {
      if (spec.hosts().get(i).equals("*")) {
        faults.error(Code.BAD_HOST, hosts.to(i), "\"*\" (expected: a narrower host)");
      } else {
        Checks.host(faults, spec.hosts().get(i), hosts.to(i));
      }
    }
    List<ServiceEntry.Port> ports = spec.ports();
    NodePath path = Checks.SPEC.to("ports");
    Checks.distinct(faults, ports, ServiceEntry.Port::number, i -> path.to(i).to("number"));
    Checks.distinct(faults, ports, ServiceEntry.Port::name, i -> path.to(i).to("name"));
    endpoints(spec);
  }

  void endpoint(WorkloadEntry.Spec endpoint, NodePath path) {
    boolean unnamed = endpoint.address() == null || endpoint.address().isEmpty();
    if (unnamed && endpoint.network() == null) {
      faults.error(Code.MISSING, path.to("address"), "missing (expected: an address)");
    }
    endpoint
        .ports()
        .forEach(
            (name, port) -> {
              if (port < 1 || port > 65535) {
                faults.error(
                    Code.OUT_OF_RANGE, path.to("ports").to(name), port + " (expected: 1..65535)");
              }
            });
  }

  private void endpoints(ServiceEntry.Spec spec) {
    NodePath path = Checks.SPEC.to("endpoints");
    if (spec.endpoints().isEmpty()) {
      return;
    }
    if (spec.workloadSelector() != null) {
      contradiction(path, "endpoints and workloadSelector", "one of both");
    }
    boolean none = spec.resolution() == null || spec.resolution() == ServiceEntry.Resolution.NONE;
    if (none) {
      contradiction(path, "endpoints with resolution NONE", "STATIC or DNS");
    }
    for (int i = 0; i < spec.endpoints().size(); i++) {
      endpoint(spec.endpoints().get(i), path.to(i));
    }
  }

  private void contradiction(NodePath path, String what, String expected) {
    faults.error(Code.CONTRADICTION, path, what + " (expected: " + expected + ")");
  }
}
