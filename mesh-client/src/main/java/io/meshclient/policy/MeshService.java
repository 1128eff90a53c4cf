package io.meshclient.policy;

import io.meshclient.istio.Location;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A service of the registry: a Kubernetes Service, a host of a ServiceEntry, or one known by its
 * endpoints alone.
 *
 * @param host its full name, possibly a wildcard
 * @param ports empty for one that takes requests on any port
 * @param addresses cluster IPs, which name it too
 * @param distribution which endpoints it wants to be preferred
 */
record MeshService(
    String host,
    String namespace,
    List<Port> ports,
    List<String> addresses,
    List<String> exportTo,
    Cluster.Discovery discovery,
    Map<Integer, List<Endpoint>> endpoints,
    TrafficDistribution distribution,
    Location location) {

  record Port(int number, @Nullable String name, PortProtocol protocol) {}

  boolean takesAnyPort() {
    return ports.isEmpty();
  }

  @Nullable Port port(int number) {
    for (Port port : ports) {
      if (port.number() == number) {
        return port;
      }
    }
    return null;
  }

  List<Endpoint> endpointsOf(int port) {
    return endpoints.getOrDefault(takesAnyPort() ? PolicyCompiler.ANY_PORT : port, List.of());
  }
}
