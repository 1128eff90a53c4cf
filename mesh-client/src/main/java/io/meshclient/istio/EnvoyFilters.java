package io.meshclient.istio;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;

/** Reads the local rate limits of inbound requests out of EnvoyFilters, and tells of the rest. */
final class EnvoyFilters {

  /** The document as the API has it. */
  private record Document(ObjectMeta metadata, Spec spec, Location location) {}

  private record Spec(
      @Nullable LabelSelector workloadSelector,
      List<Object> targetRefs,
      int priority,
      List<ConfigPatch> configPatches) {}

  private record ConfigPatch(
      @Nullable ApplyTo applyTo, @Nullable Match match, @Nullable Patch patch) {}

  private enum ApplyTo {
    LISTENER,
    FILTER_CHAIN,
    NETWORK_FILTER,
    HTTP_FILTER,
    ROUTE_CONFIGURATION,
    VIRTUAL_HOST,
    HTTP_ROUTE,
    CLUSTER,
    EXTENSION_CONFIG,
    BOOTSTRAP,
    LISTENER_FILTER
  }

  private record Match(
      @Nullable Context context,
      @Nullable Object proxy,
      @Nullable Listener listener,
      @Nullable RouteConfiguration routeConfiguration,
      @Nullable Object cluster,
      @Nullable Object waypoint) {}

  private enum Context {
    ANY,
    SIDECAR_INBOUND,
    SIDECAR_OUTBOUND,
    GATEWAY,
    WAYPOINT
  }

  @Lenient
  private record Listener(@Nullable Integer portNumber, @Nullable FilterChain filterChain) {}

  @Lenient
  private record FilterChain(@Nullable Integer destinationPort) {}

  @Lenient
  private record RouteConfiguration(@Nullable VirtualHost vhost) {}

  @Lenient
  private record VirtualHost(@Nullable String name, @Nullable Route route) {}

  private record Route(@Nullable String name, @Nullable RouteAction action) {}

  private enum RouteAction {
    ANY,
    ROUTE,
    REDIRECT,
    DIRECT_RESPONSE
  }

  private record Patch(
      @Nullable Operation operation, @Nullable Object value, @Nullable String filterClass) {}

  private enum Operation {
    MERGE,
    ADD,
    REMOVE,
    INSERT_BEFORE,
    INSERT_AFTER,
    INSERT_FIRST,
    REPLACE
  }

  /** What a route's action and a virtual host hold of it. */
  @Lenient
  private record RateLimits(List<EnvoyFilter.RateLimitRule> rateLimits) {}

  private static final Set<Operation> INSERTIONS =
      Set.of(
          Operation.ADD, Operation.INSERT_BEFORE, Operation.INSERT_AFTER, Operation.INSERT_FIRST);

  /** The listener that a sidecar takes all inbound connections with, whatever their port. */
  private static final int VIRTUAL_INBOUND = 15006;

  private static final String INBOUND = "inbound|http|";
  private static final NodePath PATCHES = Checks.SPEC.to("configPatches");

  private final Faults faults;
  private final EnvoyFilterChecks checks;
  private final List<EnvoyFilter.Patch> patches = new ArrayList<>();

  private EnvoyFilters(Faults faults) {
    this.faults = faults;
    this.checks = new EnvoyFilterChecks(faults);
  }

  /** {@code null} where it has faults, and where there is no rate limit in it. */
  static @Nullable EnvoyFilter read(Faults faults) {
    Document document = new Binder(faults, false).bind(Document.class);
    return document == null ? null : new EnvoyFilters(faults).read(document);
  }

  private @Nullable EnvoyFilter read(Document document) {
    Spec spec = document.spec();
    List<String> passedOver = new ArrayList<>();
    for (int i = 0; i < spec.configPatches().size(); i++) {
      String why =
          spec.targetRefs().isEmpty()
              ? patch(spec.configPatches().get(i), i)
              : "it is for gateways";
      passedOver.add(why == null ? "" : why);
    }
    if (patches.isEmpty() && !faults.broken()) {
      checks.passedOver(NodePath.ROOT, "no local rate limit of inbound requests in it");
      return null;
    }
    for (int i = 0; i < passedOver.size(); i++) {
      if (!passedOver.get(i).isEmpty()) {
        checks.passedOver(PATCHES.to(i), passedOver.get(i));
      }
    }
    return new EnvoyFilter(
        document.metadata(),
        spec.workloadSelector(),
        spec.priority(),
        List.copyOf(patches),
        document.location());
  }

  /** Why it is passed over; {@code null} if it is not. */
  private @Nullable String patch(ConfigPatch config, int index) {
    NodePath path = PATCHES.to(index).to("patch").to("value");
    EnvoyFilter.Place place = place(config.applyTo());
    Patch patch = config.patch();
    if (place == null || patch == null || !(faults.find(path) instanceof MappingNode value)) {
      return "not a patch of HTTP filters, virtual hosts or routes";
    }
    Operation operation = patch.operation();
    boolean inserts = operation != null && INSERTIONS.contains(operation);
    if (place == EnvoyFilter.Place.HTTP_FILTER ? !inserts : operation != Operation.MERGE) {
      return "its operation is not one that local rate limits are set up by";
    }
    Match match = config.match();
    String elsewhere = match == null ? null : elsewhere(match);
    if (elsewhere != null) {
      return elsewhere;
    }
    Integer port = match == null ? null : port(match);
    return place == EnvoyFilter.Place.HTTP_FILTER
        ? filter(value, path, port)
        : routes(place, value, path, port);
  }

  private static EnvoyFilter.@Nullable Place place(@Nullable ApplyTo applyTo) {
    return switch (applyTo == null ? ApplyTo.LISTENER : applyTo) {
      case HTTP_FILTER -> EnvoyFilter.Place.HTTP_FILTER;
      case VIRTUAL_HOST -> EnvoyFilter.Place.VIRTUAL_HOST;
      case HTTP_ROUTE -> EnvoyFilter.Place.HTTP_ROUTE;
      default -> null;
    };
  }

  private static @Nullable String elsewhere(Match match) {
    Context context = match.context();
    if (context != null && context != Context.ANY && context != Context.SIDECAR_INBOUND) {
      return "not for inbound requests";
    }
    if (match.proxy() != null || match.cluster() != null || match.waypoint() != null) {
      return "it is for some proxies, or for clusters";
    }
    VirtualHost host =
        match.routeConfiguration() == null ? null : match.routeConfiguration().vhost();
    if (host == null) {
      return null;
    }
    Route route = host.route();
    boolean other =
        host.name() != null && portOf(host.name()) == null
            || route != null && route.name() != null && !route.name().equals("default")
            || route != null && route.action() == RouteAction.REDIRECT
            || route != null && route.action() == RouteAction.DIRECT_RESPONSE;
    return other ? "not for the inbound virtual hosts and their routes" : null;
  }

  private static @Nullable Integer port(Match match) {
    RouteConfiguration routes = match.routeConfiguration();
    if (routes != null && routes.vhost() != null && routes.vhost().name() != null) {
      return portOf(routes.vhost().name());
    }
    Listener listener = match.listener();
    if (listener == null) {
      return null;
    }
    FilterChain chain = listener.filterChain();
    if (chain != null && chain.destinationPort() != null) {
      return chain.destinationPort();
    }
    Integer port = listener.portNumber();
    return port == null || port == VIRTUAL_INBOUND ? null : port;
  }

  private static @Nullable Integer portOf(String virtualHost) {
    String digits = virtualHost.startsWith(INBOUND) ? virtualHost.substring(INBOUND.length()) : "";
    boolean isPort =
        !digits.isEmpty() && digits.length() <= 5 && digits.chars().allMatch(Names::isDigit);
    return isPort ? (Integer) Integer.parseInt(digits) : null;
  }

  private @Nullable String filter(MappingNode value, NodePath path, @Nullable Integer port) {
    TypedConfig typed = TypedConfig.of(get(value, "typed_config"), path.to("typed_config"));
    if (typed == null || !typed.isLocalRateLimit()) {
      return "not a local rate limit";
    }
    add(EnvoyFilter.Place.HTTP_FILTER, port, typed, List.of(), path);
    return null;
  }

  private @Nullable String routes(
      EnvoyFilter.Place place, MappingNode value, NodePath path, @Nullable Integer port) {
    boolean isHost = place == EnvoyFilter.Place.VIRTUAL_HOST;
    Node holder = isHost ? value : get(value, "route");
    RateLimits rules =
        holder == null
            ? new RateLimits(List.of())
            : Binder.ofEnvoy(faults)
                .bind(RateLimits.class, holder, isHost ? path : path.to("route"));
    TypedConfig typed = null;
    NodePath configs = path.to("typed_per_filter_config");
    if (get(value, "typed_per_filter_config") instanceof MappingNode filters) {
      for (NodeTuple filter : filters.getValue()) {
        String name = ((ScalarNode) filter.getKeyNode()).getValue();
        TypedConfig one = TypedConfig.of(filter.getValueNode(), configs.to(name));
        typed = one != null && one.isLocalRateLimit() ? one : typed;
      }
    }
    if (typed == null && (rules == null || rules.rateLimits().isEmpty())) {
      return "nothing about local rate limits in it";
    }
    add(place, port, typed, rules == null ? List.of() : rules.rateLimits(), path);
    return null;
  }

  private void add(
      EnvoyFilter.Place place,
      @Nullable Integer port,
      @Nullable TypedConfig typed,
      List<EnvoyFilter.RateLimitRule> rules,
      NodePath path) {
    EnvoyFilter.LocalRateLimit limit = null;
    if (typed != null) {
      limit =
          Binder.ofEnvoy(faults)
              .bind(EnvoyFilter.LocalRateLimit.class, typed.config(), typed.path());
      if (limit != null) {
        checks.check(limit, typed.path(), place != EnvoyFilter.Place.HTTP_FILTER);
      }
    }
    Location location = faults.locate(faults.find(path), path);
    patches.add(new EnvoyFilter.Patch(place, port, limit, rules, location));
  }

  private static @Nullable Node get(MappingNode map, String key) {
    Node found = DocumentReader.get(map, key);
    return found == null ? DocumentReader.get(map, Binder.camelCase(key)) : found;
  }
}
