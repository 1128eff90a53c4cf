package io.meshclient.policy;

import java.util.Map;

/**
 * One instance of a service.
 *
 * @param address an IP address, or a DNS name to be resolved when a connection is made
 * @param labels what subsets select by
 * @param weight relative to the others, at least 1
 * @param serviceAccount what it runs as, {@code namespace/name}; empty if that is not known
 * @param name the pod's or the workload's, for people to read; may be empty
 * @param priority 0 for those used first; the others stand in for them
 * @param localityWeight of all the endpoints of its locality and priority together, where
 *     localities are weighted
 */
public record Endpoint(
    String address,
    int port,
    Map<String, String> labels,
    Locality locality,
    int weight,
    String serviceAccount,
    String name,
    int priority,
    long localityWeight) {

  public Endpoint {
    labels = Map.copyOf(labels);
  }

  /** One that is used first, in a locality without a weight. */
  public Endpoint(
      String address,
      int port,
      Map<String, String> labels,
      Locality locality,
      int weight,
      String serviceAccount,
      String name) {
    this(address, port, labels, locality, weight, serviceAccount, name, 0, 0);
  }

  Endpoint placed(int newPriority, long newLocalityWeight) {
    return new Endpoint(
        address,
        port,
        labels,
        locality,
        weight,
        serviceAccount,
        name,
        newPriority,
        newLocalityWeight);
  }

  /** {@code address:port}, with brackets around an IPv6 address. */
  public String hostPort() {
    return address.indexOf(':') >= 0 ? "[" + address + "]:" + port : address + ":" + port;
  }

  @Override
  public String toString() {
    return name.isEmpty() ? hostPort() : name + " (" + hostPort() + ")";
  }
}
