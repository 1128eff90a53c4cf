package io.meshclient.policy;

import io.meshclient.istio.Configuration;
import io.meshclient.istio.LabelSelector;
import io.meshclient.istio.Order;
import io.meshclient.istio.Sidecar;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a Sidecar resource lets a workload see; without one that is everything exported to it. */
final class SidecarScope {
  private final @Nullable Sidecar sidecar;
  private final Workload workload;

  SidecarScope(Configuration configuration, Workload workload) {
    this.workload = workload;
    this.sidecar = select(configuration, workload);
  }

  /** The one that selects the workload, else its namespace's, else the root namespace's. */
  private static @Nullable Sidecar select(Configuration configuration, Workload workload) {
    Sidecar ofNamespace = null;
    Sidecar ofRoot = null;
    String own = workload.namespace();
    for (Sidecar candidate : Order.oldestFirst(configuration.all(Sidecar.class), own)) {
      String namespace = candidate.metadata().namespaceOr(own);
      LabelSelector selector = candidate.spec().workloadSelector();
      boolean selective = selector != null && !selector.labels().isEmpty();
      if (namespace.equals(own) && selective) {
        if (selector != null && selector.selects(workload.labels())) {
          return candidate;
        }
      } else if (namespace.equals(own)) {
        ofNamespace = ofNamespace == null ? candidate : ofNamespace;
      } else if (namespace.equals(configuration.mesh().rootNamespace()) && !selective) {
        ofRoot = ofRoot == null ? candidate : ofRoot;
      }
    }
    return ofNamespace != null ? ofNamespace : ofRoot;
  }

  Sidecar.@Nullable Mode outboundMode() {
    return sidecar == null || sidecar.spec().outboundTrafficPolicy() == null
        ? null
        : sidecar.spec().outboundTrafficPolicy().mode();
  }

  /** Whether a host, exact or a wildcard, of a namespace can be seen on a port. */
  boolean sees(String namespace, String host, int port) {
    if (sidecar == null || sidecar.spec().egress().isEmpty()) {
      return true;
    }
    for (Sidecar.Egress egress : sidecar.spec().egress()) {
      if (egress.port() != null && egress.port().number() != port) {
        continue;
      }
      if (egress.hosts().stream().anyMatch(pattern -> takes(pattern, namespace, host))) {
        return true;
      }
    }
    return false;
  }

  private boolean takes(String pattern, String namespace, String host) {
    List<String> parts = Lists.split(pattern, '/');
    String from = parts.size() > 1 ? parts.get(0) : "*";
    String name = Names.lower(parts.get(parts.size() - 1));
    boolean namespaceFits =
        from.equals("*")
            || from.equals(namespace)
            || from.equals(".") && namespace.equals(workload.namespace());
    return namespaceFits
        && (Names.takes(name, host) || Names.isWildcard(host) && Names.takes(host, name));
  }
}
