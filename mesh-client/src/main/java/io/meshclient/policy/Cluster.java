package io.meshclient.policy;

import io.meshclient.istio.Location;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A destination: the endpoints of a service's port, or of a subset of them, and how they are used.
 *
 * @param name Istio's, such as {@code outbound|8080|v1|order-service.production.svc.cluster.local}
 * @param service the service's full host name
 * @param subset empty for the whole service
 * @param endpoints empty where {@link #discovery} is not STATIC
 * @param settledBy where the DestinationRule that settles it is written; {@link Location#NONE} if
 *     none does
 */
public record Cluster(
    String name,
    String service,
    String subset,
    int port,
    Discovery discovery,
    List<Endpoint> endpoints,
    ClusterSettings settings,
    Location settledBy) {

  /** How endpoints are found. */
  public enum Discovery {
    /** They are in the configuration. */
    STATIC,
    /** By DNS: each endpoint's address is a name. */
    DNS,
    /** The request's own host and port: Istio's passthrough. */
    ORIGINAL
  }

  /** Requests to hosts that no rule knows go where they were meant to. */
  public static final Cluster PASSTHROUGH =
      new Cluster(
          "PassthroughCluster",
          "",
          "",
          0,
          Discovery.ORIGINAL,
          List.of(),
          ClusterSettings.DEFAULT,
          Location.NONE);

  public Cluster {
    endpoints = List.copyOf(endpoints);
  }

  public static String nameOf(int port, @Nullable String subset, String host) {
    return "outbound|"
        + (port == 0 ? "*" : Integer.toString(port))
        + "|"
        + (subset == null ? "" : subset)
        + "|"
        + host;
  }
}
