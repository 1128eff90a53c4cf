package io.meshclient.policy;

import java.util.List;

/** The local rate limits of one workload's inbound requests. Immutable. */
public final class LocalRateLimits {

  /**
   * A limit, and where it holds.
   *
   * @param port the service's port, or 0 for all
   */
  record OfPort(int port, LocalRateLimit limit) {}

  /** None. */
  static final LocalRateLimits NONE = new LocalRateLimits(List.of(), List.of());

  private final List<OfPort> filters;
  private final List<OfPort> routes;

  /**
   * @param filters for all requests, in order
   * @param routes in place of those of the filters, of which the last holds
   */
  LocalRateLimits(List<OfPort> filters, List<OfPort> routes) {
    this.filters = List.copyOf(filters);
    this.routes = List.copyOf(routes);
  }

  /** What holds for requests to a port of the service, in order. */
  public List<LocalRateLimit> of(int port) {
    List<LocalRateLimit> ofFilters = at(port, filters);
    List<LocalRateLimit> ofRoutes = at(port, routes);
    // A route's limit takes the place of the filter's; without a filter nobody looks at it.
    return ofFilters.isEmpty() || ofRoutes.isEmpty()
        ? ofFilters
        : List.of(ofRoutes.get(ofRoutes.size() - 1));
  }

  private static List<LocalRateLimit> at(int port, List<OfPort> limits) {
    return limits.stream()
        .filter(one -> one.port() == 0 || one.port() == port)
        .map(OfPort::limit)
        .toList();
  }
}
