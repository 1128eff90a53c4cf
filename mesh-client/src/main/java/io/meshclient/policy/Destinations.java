package io.meshclient.policy;

import io.meshclient.istio.Location;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the cluster that a rule's destination names. */
final class Destinations {
  private final Map<String, Cluster> clusters;
  private final ServiceRegistry registry;
  private final Workload workload;
  private final Problems problems;

  /** A destination's cluster name, and the cluster if there is one. */
  record Found(String name, @Nullable Cluster cluster) {}

  Destinations(
      Map<String, Cluster> clusters,
      ServiceRegistry registry,
      Workload workload,
      Problems problems) {
    this.clusters = clusters;
    this.registry = registry;
    this.workload = workload;
    this.problems = problems;
  }

  /**
   * Finds a cluster; a destination that does not exist is a problem, and 503 to those sent there.
   *
   * @param namespace of the rule: short names are its services
   * @param port the destination's, or {@code null} to keep {@code listenPort}
   */
  Found find(
      String host,
      @Nullable String subset,
      @Nullable Integer port,
      String namespace,
      int listenPort,
      Location location) {
    String fullName = Names.resolve(host, namespace, workload.domain());
    MeshService service = registry.find(fullName);
    int wanted = port == null ? listenPort : port;
    if (service != null && service.takesAnyPort()) {
      wanted = PolicyCompiler.ANY_PORT;
    } else if (service != null
        && wanted == PolicyCompiler.ANY_PORT
        && service.ports().size() == 1) {
      // Only a caller that is itself known without ports leaves the port open.
      wanted = service.ports().get(0).number();
    }
    String name = Cluster.nameOf(wanted, subset, fullName);
    Cluster cluster = clusters.get(name);
    if (cluster == null) {
      report(service, fullName, subset, wanted, location);
    }
    return new Found(name, cluster);
  }

  private void report(
      @Nullable MeshService service,
      String host,
      @Nullable String subset,
      int port,
      Location location) {
    if (service == null) {
      problems.add(
          Problems.Code.UNKNOWN_DESTINATION,
          location,
          location.path(),
          "no service \"" + host + "\" is known; requests sent there get 503");
    } else if (!service.takesAnyPort() && service.port(port) == null) {
      problems.add(
          Problems.Code.UNKNOWN_DESTINATION,
          location,
          location.path(),
          host
              + " has no port "
              + port
              + " (expected: "
              + service.ports().stream().map(p -> Integer.toString(p.number())).toList()
              + "); requests sent there get 503");
    } else {
      problems.add(
          Problems.Code.UNKNOWN_SUBSET,
          location,
          location.path(),
          "no DestinationRule seen from namespace "
              + workload.namespace()
              + " defines subset \""
              + subset
              + "\" of "
              + host
              + "; requests sent there get 503");
    }
  }
}
