package io.meshclient.policy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The routes for some host names on one port. */
public final class VirtualHost {

  /** A rule that no request of this workload can reach, and why. */
  public record Excluded(Rule rule, String reason) {}

  private final String name;
  private final List<String> domains;
  private final RouteIndex routes;
  private final List<Excluded> excluded;
  private final LeftToMesh leftToMesh;

  VirtualHost(String name, List<String> domains, List<Route> routes, List<Excluded> excluded) {
    this.name = name;
    this.domains = List.copyOf(domains);
    this.routes = new RouteIndex(routes);
    this.excluded = List.copyOf(excluded);
    this.leftToMesh = LeftToMesh.of(domains.get(0), name.substring(name.lastIndexOf(':') + 1));
  }

  /** {@code host:port}. */
  public String name() {
    return name;
  }

  /** The names it answers to, the full one first. */
  public List<String> domains() {
    return domains;
  }

  /** In the order in which they are tried. */
  public List<Route> routes() {
    return routes.routes();
  }

  public List<Excluded> excluded() {
    return excluded;
  }

  /** What becomes of its requests where a mesh carries out their rules. */
  public LeftToMesh leftToMesh() {
    return leftToMesh;
  }

  /** The first route that takes the request; {@code null} if none does: such a request gets 404. */
  public @Nullable Route route(RequestView request) {
    return routes.find(request);
  }
}
