package io.meshclient;

import static java.util.Objects.requireNonNull;

import io.meshclient.access.AccessSettings;
import io.meshclient.access.CustomAuthorizer;
import io.meshclient.access.TokenKeys;
import io.meshclient.context.GlobalTelemetry;
import io.meshclient.context.PropagationPolicy;
import io.meshclient.context.TracePropagation;
import io.meshclient.identity.ExpectedPeer;
import io.meshclient.identity.IdentitySource;
import io.meshclient.istio.ConfigSource;
import io.meshclient.mesh.MeshDetector;
import io.meshclient.mesh.MeshMode;
import io.meshclient.mesh.Surroundings;
import io.meshclient.policy.Locality;
import io.meshclient.policy.MeshPolicy;
import io.meshclient.policy.StaticEndpoint;
import io.meshclient.policy.Workload;
import io.meshclient.resilience.BreakerSettings;
import io.meshclient.resilience.BulkheadSettings;
import io.meshclient.resilience.FailsafePolicies;
import io.meshclient.resilience.Hedging;
import io.meshclient.resilience.RateLimit;
import io.meshclient.resilience.RetryBudget;
import io.meshclient.telemetry.MeshTelemetry;
import io.meshclient.telemetry.Peer;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.context.propagation.ContextPropagators;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link MeshClient}. What it is not told comes from the environment ({@code
 * MESH_CLIENT_*}, and what Kubernetes puts into a pod): docs/configuration.md lists it. Not safe
 * for several threads.
 */
public final class MeshClientBuilder {
  private final List<ConfigSource> sources = new ArrayList<>();
  private final List<StaticEndpoint> endpoints = new ArrayList<>();
  private final Map<String, String> labels = new HashMap<>();
  private final List<Consumer<Decision>> listeners = new ArrayList<>();
  private Map<String, String> variables = System.getenv();
  private @Nullable String service;
  private @Nullable String namespace;
  private @Nullable String domain;
  private @Nullable Locality locality;
  private @Nullable ConfigSource meshConfig;
  private @Nullable PropagationPolicy propagation;
  private RetryBudget.@Nullable Settings retryBudget;
  private @Nullable ContextPropagators propagators;
  private @Nullable OpenTelemetry openTelemetry;
  private @Nullable MeshTelemetry telemetry;
  private @Nullable Boolean accessLog;
  private BreakerOptions breakers = BreakerOptions.none();
  private PerDestination<BulkheadSettings> bulkheads = new PerDestination<>();
  private PerDestination<RateLimit> rateLimits = new PerDestination<>();
  private PerDestination<FailsafePolicies<Response>> failsafe = new PerDestination<>();
  private PerDestination<Hedging> hedging = new PerDestination<>();
  private @Nullable IdentitySource identity;
  private PerDestination<Boolean> mutual = new PerDestination<>();
  private PerDestination<ExpectedPeer> peers = new PerDestination<>();
  private boolean sendsDeadline;
  private final AccessSettings.Builder access = AccessSettings.builder();
  private @Nullable MeshMode meshMode;
  private String meshModeBy = "builder";
  private @Nullable Surroundings surroundings;
  private Duration awaitMesh = Duration.ZERO;
  private Duration drain = Duration.ZERO;
  private boolean quitsMesh;
  private boolean retriesAboveMesh;
  private MeshClock clock = MeshClock.SYSTEM;
  private DoubleSupplier draws = () -> ThreadLocalRandom.current().nextDouble(100);

  MeshClientBuilder() {}

  /** The calling service's name; its {@code app} label unless {@link #labels} says otherwise. */
  public MeshClientBuilder service(String name) {
    service = requireNonNull(name, "name");
    return this;
  }

  /** The calling service's namespace, in which short names are resolved. */
  public MeshClientBuilder namespace(String name) {
    namespace = requireNonNull(name, "name");
    return this;
  }

  /**
   * Who decides about incoming requests where an AuthorizationPolicy's action is CUSTOM and its
   * provider has that name. Without one, what the policy's rules match is denied.
   */
  public MeshClientBuilder authorizer(String provider, CustomAuthorizer authorizer) {
    access.authorizer(provider, authorizer);
    return this;
  }

  AccessSettings accessSettings(TokenKeys tokenKeys) {
    return access.tokenKeys(tokenKeys).build();
  }

  /** The calling workload's labels, by which rules may select it. */
  public MeshClientBuilder labels(Map<String, String> labels) {
    this.labels.putAll(requireNonNull(labels, "labels"));
    return this;
  }

  /**
   * Where the caller runs. By default where its Pod does, if that is known.
   *
   * @param locality {@code region}, {@code region/zone} or {@code region/zone/subzone}
   * @throws IllegalArgumentException if it is none of these
   */
  public MeshClientBuilder locality(String locality) {
    this.locality = Locality.of(requireNonNull(locality, "locality"));
    return this;
  }

  /** The cluster's DNS domain; {@code cluster.local} by default. */
  public MeshClientBuilder domain(String domain) {
    this.domain = requireNonNull(domain, "domain");
    return this;
  }

  /** Files, or directories with files below, of Istio and Kubernetes YAML; watched for changes. */
  public MeshClientBuilder config(Path... paths) {
    for (Path path : requireNonNull(paths, "paths")) {
      sources.add(ConfigSource.path(requireNonNull(path, "path")));
    }
    return this;
  }

  /** Configuration from anywhere: files, the class path, strings. */
  public MeshClientBuilder config(ConfigSource... sources) {
    this.sources.addAll(List.of(requireNonNull(sources, "sources")));
    return this;
  }

  /** MeshConfig: a ConfigMap with a {@code mesh} key, or just the lines that such a key holds. */
  public MeshClientBuilder meshConfig(ConfigSource source) {
    meshConfig = requireNonNull(source, "source").asMeshConfig();
    return this;
  }

  /** MeshConfig, as the lines that the ConfigMap's {@code mesh} key holds. */
  public MeshClientBuilder meshConfig(String lines) {
    return meshConfig(ConfigSource.yaml("meshConfig", requireNonNull(lines, "lines")));
  }

  /**
   * Where a version of a service runs, as {@code host:port}, with labels behind it if subsets
   * select by others: {@code host:port+region=eu}. These stand in for all other endpoints of that
   * service: on a laptop, or in a test.
   *
   * @throws IllegalArgumentException if that is no host and port
   */
  public MeshClientBuilder endpoint(String service, String version, String hostPort) {
    requireNonNull(version, "version");
    return endpoint(StaticEndpoint.of(service, version, requireNonNull(hostPort, "hostPort")));
  }

  /**
   * Where a service runs, as {@code host:port}, with labels behind it if there are any.
   *
   * @throws IllegalArgumentException if that is no host and port
   */
  public MeshClientBuilder endpoint(String service, String hostPort) {
    return endpoint(StaticEndpoint.of(service, null, requireNonNull(hostPort, "hostPort")));
  }

  /** Where a service runs, with the labels that subsets select by. */
  public MeshClientBuilder endpoint(StaticEndpoint endpoint) {
    endpoints.add(requireNonNull(endpoint, "endpoint"));
    return this;
  }

  /** Which headers travel; {@link PropagationPolicy#fromEnvironment} by default. */
  public MeshClientBuilder propagation(PropagationPolicy policy) {
    propagation = requireNonNull(policy, "policy");
    return this;
  }

  /**
   * How trace context is written, and read by servers that are built with this client; by default
   * as the OpenTelemetry in use is configured, or where that has no propagators as {@code
   * OTEL_PROPAGATORS} says, or as the W3C's headers.
   */
  public MeshClientBuilder propagators(ContextPropagators propagators) {
    this.propagators = requireNonNull(propagators, "propagators");
    return this;
  }

  /** What decides between weighted destinations: at least 0 and less than 100. For tests. */
  public MeshClientBuilder draws(DoubleSupplier draws) {
    this.draws = requireNonNull(draws, "draws");
    return this;
  }

  /**
   * Whether requests tell how long their answer is waited for, in {@code
   * x-envoy-expected-rq-timeout-ms}: the least of the try's time, the route's and the caller's own.
   * Not by default.
   */
  public MeshClientBuilder sendDeadline(boolean sends) {
    sendsDeadline = sends;
    return this;
  }

  /**
   * Bounds the retries of rules too, for each destination. Without this a budget of {@link
   * RetryBudget.Settings#DEFAULT} bounds only the retries that no rule asks for: Istio's default
   * ones.
   */
  public MeshClientBuilder retryBudget(RetryBudget.Settings settings) {
    retryBudget = requireNonNull(settings, "settings");
    return this;
  }

  /**
   * Guards each destination by a circuit breaker with these settings, such as {@link
   * BreakerSettings#GUIDE}. Without this or its kin there is none: rules alone decide.
   */
  public MeshClientBuilder circuitBreaker(BreakerSettings settings) {
    return circuitBreaker("*", settings);
  }

  /**
   * Guards the destinations that match by circuit breakers with these settings.
   *
   * @param destinations as in {@link BreakerOptions#destination}
   * @throws IllegalArgumentException if the pattern is none
   */
  public MeshClientBuilder circuitBreaker(String destinations, BreakerSettings settings) {
    breakers = breakers.destination(destinations, settings);
    return this;
  }

  /** Takes these breakers for all that were asked for so far. */
  public MeshClientBuilder circuitBreakers(BreakerOptions options) {
    breakers = requireNonNull(options, "options");
    return this;
  }

  /**
   * Bounds how many calls of each service or host that matches are under way at once, from being
   * sent until their answers are closed. What finds no room fails with a {@link
   * io.meshclient.resilience.BulkheadFullException}.
   *
   * @param destinations as in {@link BreakerOptions#destination}, without a subset
   * @throws IllegalArgumentException if the pattern is none
   */
  public MeshClientBuilder bulkhead(String destinations, BulkheadSettings settings) {
    requireNonNull(settings, "settings");
    bulkheads = bulkheads.with(host(destinations), settings);
    return this;
  }

  /**
   * Bounds how often each service or host that matches is called. What comes too often waits as
   * long as the limit says, or fails with a {@link io.meshclient.resilience.RateLimitedException}.
   *
   * @param destinations as in {@link BreakerOptions#destination}, without a subset
   * @throws IllegalArgumentException if the pattern is none
   */
  public MeshClientBuilder rateLimit(String destinations, RateLimit limit) {
    requireNonNull(limit, "limit");
    rateLimits = rateLimits.with(host(destinations), limit);
    return this;
  }

  private static String host(String destinations) {
    requireNonNull(destinations, "destinations");
    if (destinations.indexOf('/') >= 0) {
      throw new IllegalArgumentException(
          "destinations: \""
              + destinations
              + "\" (expected: HOST, such as payment-service: all subsets share a limit)");
    }
    return destinations;
  }

  /**
   * Runs Failsafe's policies around the calls of the destinations that match: above the circuit
   * breaker, retries and times of rules, on the caller's thread. A response that a policy does not
   * hand out is closed; an exception of a policy's own is the cause of a {@link MeshCallException}.
   * WebSockets and other upgrades pass them by.
   *
   * @param destinations as in {@link BreakerOptions#destination}
   * @throws IllegalArgumentException if the pattern is none
   */
  public MeshClientBuilder failsafe(String destinations, FailsafePolicies<Response> policies) {
    requireNonNull(destinations, "destinations");
    failsafe = failsafe.with(destinations, requireNonNull(policies, "policies"));
    return this;
  }

  /**
   * Lets a second try go out where the first has no answer in time, for GET, HEAD, OPTIONS, PUT and
   * DELETE to the destinations that match, and takes the first good answer. Each takes from the
   * destination's {@link #retryBudget}. None goes out where the rule has no retries, where the body
   * cannot be sent twice, and where the request has {@link Hedging#NONE} as its tag of that class.
   * Without this there is no hedging.
   *
   * @param destinations as in {@link BreakerOptions#destination}
   * @throws IllegalArgumentException if the pattern is none
   */
  public MeshClientBuilder hedging(String destinations, Hedging settings) {
    requireNonNull(destinations, "destinations");
    hedging = hedging.with(destinations, requireNonNull(settings, "settings"));
    return this;
  }

  /**
   * Who the workload is, and whom it trusts. DestinationRules that say {@code ISTIO_MUTUAL} are
   * carried out by it: plain requests go out by mutual TLS, and the peer's SPIFFE ID has to be that
   * of the rule's {@code subjectAltNames}, else of the endpoints' service accounts. Without it they
   * are left to the mesh.
   *
   * @param source stays open when the client closes
   */
  public MeshClientBuilder identity(IdentitySource source) {
    identity = requireNonNull(source, "source");
    return this;
  }

  /**
   * Sends plain requests to these destinations by mutual TLS, too, unless a DestinationRule has a
   * word on their TLS. It takes {@link #identity}.
   *
   * @param destinations as in {@link BreakerOptions#destination}
   * @throws IllegalArgumentException if a pattern is none
   */
  public MeshClientBuilder mutualTls(String... destinations) {
    for (String destination : requireNonNull(destinations, "destinations")) {
      mutual = mutual.with(requireNonNull(destination, "destination"), true);
    }
    return this;
  }

  /**
   * Who is expected at these destinations where mutual TLS is used, whatever rules and service
   * accounts say.
   *
   * @param destinations as in {@link BreakerOptions#destination}
   * @throws IllegalArgumentException if the pattern is none
   */
  public MeshClientBuilder peer(String destinations, ExpectedPeer expected) {
    requireNonNull(destinations, "destinations");
    peers = peers.with(destinations, requireNonNull(expected, "expected"));
    return this;
  }

  /**
   * Which mesh is around: what it does, this library leaves alone, identity and authorization
   * included. Without this and {@code MESH_CLIENT_MODE} the client finds out by itself. See
   * docs/mesh.md.
   */
  public MeshClientBuilder meshMode(MeshMode mode) {
    meshMode = requireNonNull(mode, "mode");
    return this;
  }

  /**
   * Lets {@link #build} wait until the mesh's proxy beside the workload takes requests, so that the
   * first call does not fail for its sake. Where none is, or is not ready in time, the client is
   * there all the same. In a pod that shows no sign of a mesh yet, that is waited for, too.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public MeshClientBuilder awaitMesh(Duration most) {
    awaitMesh = notNegative(most, "most");
    return this;
  }

  /**
   * Lets {@link MeshClient#close} wait until calls under way have their answers.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public MeshClientBuilder drain(Duration most) {
    drain = notNegative(most, "most");
    return this;
  }

  /**
   * Whether {@link MeshClient#close} tells the sidecar to end, after calls have drained: by Istio's
   * {@code /quitquitquit}, or Linkerd's {@code /shutdown}. For jobs, whose pod is over only when
   * its sidecar is. Not by default.
   */
  public MeshClientBuilder quitMeshOnClose(boolean quits) {
    quitsMesh = quits;
    return this;
  }

  /**
   * Whether the library makes a rule's retries where the mesh makes them already: each try of the
   * library's is then tried by the mesh again. The breaker counts the outcome, and the {@link
   * #retryBudget} bounds them. Not by default.
   */
  public MeshClientBuilder retriesAboveMesh(boolean retries) {
    retriesAboveMesh = retries;
    return this;
  }

  private static Duration notNegative(Duration time, String name) {
    if (requireNonNull(time, name).isNegative()) {
      throw new IllegalArgumentException(name + ": " + time + " (expected: 0 or more)");
    }
    return time;
  }

  /** What detection looks at. For tests. */
  MeshClientBuilder surroundings(Surroundings surroundings) {
    this.surroundings = requireNonNull(surroundings, "surroundings");
    return this;
  }

  /** Where metrics go, and how trace context is written; the global one by default. */
  public MeshClientBuilder openTelemetry(OpenTelemetry openTelemetry) {
    this.openTelemetry = requireNonNull(openTelemetry, "openTelemetry");
    return this;
  }

  /**
   * Has an SDK of our own record traces and metrics, for a service that has none, and sample as the
   * configuration's Telemetry resources say. Its service's name is the client's as well, where
   * neither {@link #service} nor the environment says another.
   *
   * @param telemetry stays open when the client closes
   */
  public MeshClientBuilder telemetry(MeshTelemetry telemetry) {
    this.telemetry = requireNonNull(telemetry, "telemetry");
    return openTelemetry(telemetry.openTelemetry());
  }

  /**
   * Whether calls are written to an access log, and requests of servers that belong to this client.
   * Without a word of the application's MeshConfig and Telemetry resources say.
   *
   * @param on true for a log on standard output where they say nothing: a resource can still filter
   *     it or turn it off. False for none, whatever they say
   */
  public MeshClientBuilder accessLog(boolean on) {
    accessLog = on;
    return this;
  }

  /** Hears of every decision, on the thread of its call; must not block. */
  public MeshClientBuilder onDecision(Consumer<Decision> listener) {
    listeners.add(requireNonNull(listener, "listener"));
    return this;
  }

  /** What state ages by; sockets have the system's time all the same. For tests. */
  MeshClientBuilder clock(MeshClock clock) {
    this.clock = requireNonNull(clock, "clock");
    return this;
  }

  /** Takes these variables for the environment's; none for none. */
  public MeshClientBuilder environment(Map<String, String> variables) {
    this.variables = Map.copyOf(requireNonNull(variables, "variables"));
    return this;
  }

  /**
   * The client. Faults of the configuration do not stop it: see {@link MeshClient#problems}.
   *
   * @throws IllegalArgumentException if a variable of the environment cannot be read
   * @throws IllegalStateException if mutual TLS was asked for without an identity
   */
  public MeshClient build() {
    if (identity == null && !mutual.isEmpty()) {
      throw new IllegalStateException("mutualTls: without an identity (expected: identity(...))");
    }
    Environment environment = new Environment(variables);
    if (sources.isEmpty()) {
      environment.config().forEach(path -> sources.add(ConfigSource.path(path)));
    }
    if (endpoints.isEmpty()) {
      endpoints.addAll(environment.endpoints());
    }
    if (meshConfig == null) {
      Path file = environment.meshConfig();
      meshConfig = file == null ? null : ConfigSource.path(file).asMeshConfig();
    }
    if (meshConfig != null) {
      sources.add(meshConfig);
    }
    service = service == null ? environment.service() : service;
    service = service == null && telemetry != null ? telemetry.service() : service;
    namespace = namespace == null ? environment.namespace() : namespace;
    locality = locality == null ? environment.locality() : locality;
    if (meshMode == null) {
      meshMode = environment.meshMode();
      meshModeBy = Environment.MODE;
    }
    accessLog = accessLog == null ? environment.accessLog() : accessLog;
    propagation = propagation == null ? PropagationPolicy.fromEnvironment(variables) : propagation;
    Map<String, String> all = new HashMap<>(environment.labels());
    all.putAll(labels);
    if (service != null) {
      all.putIfAbsent("app", service);
    }
    labels.putAll(all);
    return new MeshClient(this);
  }

  List<ConfigSource> sources() {
    return List.copyOf(sources);
  }

  List<StaticEndpoint> endpoints() {
    return List.copyOf(endpoints);
  }

  Workload workload() {
    return new Workload(
        namespace == null ? "default" : namespace,
        labels,
        locality,
        domain == null ? Workload.DEFAULT_DOMAIN : domain);
  }

  PropagationPolicy propagation() {
    return propagation == null ? PropagationPolicy.defaults() : propagation;
  }

  ContextPropagators propagators() {
    return propagators == null ? TracePropagation.of(openTelemetry(), variables) : propagators;
  }

  OpenTelemetry openTelemetry() {
    return openTelemetry == null ? GlobalTelemetry.orNoop() : openTelemetry;
  }

  @Nullable MeshTelemetry telemetry() {
    return telemetry;
  }

  @Nullable Boolean accessLog() {
    return accessLog;
  }

  /** How the client stands, the identity's life included if it has one. */
  ClientMetrics metrics(StageSettings stages, Supplier<@Nullable MeshPolicy> policy) {
    ClientMetrics metrics =
        new ClientMetrics(openTelemetry().getMeter("io.meshclient"), stages, policy);
    return identity == null ? metrics : metrics.identity(identity, Clock.systemUTC());
  }

  /** The workload, as metrics tell of it. */
  Peer self() {
    Workload workload = workload();
    return Peer.of(variables.getOrDefault("POD_NAME", ""), workload.namespace(), workload.labels());
  }

  boolean hasIdentity() {
    return identity != null;
  }

  @Nullable MutualTls mutualTls() {
    return identity == null ? null : new MutualTls(identity, workload(), mutual, peers);
  }

  OwnName ownName() {
    return new OwnName(identity, OwnName.TOKEN);
  }

  MeshDetector detector() {
    Surroundings around = surroundings == null ? Surroundings.real(variables) : surroundings;
    return new MeshDetector(around, meshMode, meshModeBy);
  }

  @Nullable MeshMode meshMode() {
    return meshMode;
  }

  Duration awaitMesh() {
    return awaitMesh;
  }

  Duration drain() {
    return drain;
  }

  boolean quitsMesh() {
    return quitsMesh;
  }

  boolean retriesAboveMesh() {
    return retriesAboveMesh;
  }

  BreakerOptions breakers() {
    return breakers;
  }

  PerDestination<BulkheadSettings> bulkheads() {
    return bulkheads;
  }

  PerDestination<RateLimit> rateLimits() {
    return rateLimits;
  }

  PerDestination<FailsafePolicies<Response>> failsafe() {
    return failsafe;
  }

  PerDestination<Hedging> hedging() {
    return hedging;
  }

  RetryBudget.@Nullable Settings retryBudget() {
    return retryBudget;
  }

  DoubleSupplier draws() {
    return draws;
  }

  MeshClock clock() {
    return clock;
  }

  boolean sendsDeadline() {
    return sendsDeadline;
  }

  List<Consumer<Decision>> listeners() {
    return List.copyOf(listeners);
  }
}
