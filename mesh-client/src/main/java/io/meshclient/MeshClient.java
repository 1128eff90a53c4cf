package io.meshclient;

import static java.util.Objects.requireNonNull;

import io.meshclient.MeshInterceptor.DecisionHolder;
import io.meshclient.access.AccessPolicy;
import io.meshclient.access.TokenKeys;
import io.meshclient.identity.SpiffeId;
import io.meshclient.identity.TrustDomain;
import io.meshclient.istio.ConfigWatcher;
import io.meshclient.istio.Configuration;
import io.meshclient.istio.Problem;
import io.meshclient.mesh.Capability;
import io.meshclient.mesh.MeshMode;
import io.meshclient.mesh.Ownership;
import io.meshclient.policy.Cluster;
import io.meshclient.policy.Explainer;
import io.meshclient.policy.Explanation;
import io.meshclient.policy.MeshPolicy;
import io.meshclient.policy.StaticEndpoint;
import io.meshclient.policy.Workload;
import io.meshclient.resilience.Bulkhead;
import io.meshclient.resilience.RateLimiter;
import io.meshclient.telemetry.MeshTelemetry;
import io.meshclient.telemetry.RequestTelemetry;
import io.meshclient.telemetry.TelemetryPolicy;
import io.opentelemetry.context.Context;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Istio's traffic rules, honoured by an OkHttp client, with a mesh around or without one.
 *
 * <pre>{@code
 * try (MeshClient mesh = MeshClient.builder()
 *     .service("web").namespace("production")
 *     .config(Path.of("mesh"))
 *     .build()) {
 *   OkHttpClient http = mesh.okHttpClient();
 * }
 * }</pre>
 *
 * <p>Without configuration it is a plain client that carries headers on. Configuration in files is
 * watched: a change takes effect within a second, a resource that it breaks stays as it last was.
 *
 * <p>Safe from any thread, and cheap to share: one for each workload is enough.
 */
public final class MeshClient implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(MeshClient.class);

  private final MeshClientBuilder settings;
  private final StageSettings stages;
  private final TokenKeys tokenKeys = new TokenKeys();
  private final PolicyLoader loader;
  private final MeshProblems meshProblems;
  private final OwnName ownName;
  private final Mirrors mirrors = new Mirrors();
  private final RequestTelemetry telemetry;
  private final ClientTelemetry clientTelemetry;
  private final ClientMetrics metrics;
  private final AtomicLong generation = new AtomicLong();
  private volatile TelemetryPolicy telemetryPolicy = TelemetryPolicy.NONE;
  private final @Nullable ConfigWatcher watcher;
  private final OkHttpClient own;
  private final ReentrantLock swapping = new ReentrantLock();
  private volatile List<Problem> problems = List.of();
  private volatile List<TrustDomain> trustDomains = List.of();
  private volatile @Nullable AccessPolicy access;
  private volatile @Nullable MeshPolicy policy;
  private volatile boolean closed;

  MeshClient(MeshClientBuilder settings) {
    OkHttpFit.require();
    this.settings = settings;
    this.stages = StageSettings.of(settings);
    this.meshProblems = new MeshProblems(settings);
    this.ownName = settings.ownName();
    boolean identityIsMeshs = stages.owners().state().ownership().isMesh(Capability.MTLS);
    this.telemetry =
        RequestTelemetry.create(
            settings.openTelemetry(),
            settings.propagators(),
            settings.self(),
            () -> telemetryPolicy);
    this.clientTelemetry = new ClientTelemetry(telemetry, stages);
    this.metrics = settings.metrics(stages, () -> policy);
    metrics.configuration(generation::get, this::problems).mirrors(mirrors);
    this.loader =
        new PolicyLoader(
            settings.workload(),
            settings.endpoints(),
            settings.hasIdentity() || identityIsMeshs,
            settings.accessSettings(tokenKeys));
    if (settings.sources().isEmpty()) {
      watcher = null;
      apply(Configuration.EMPTY);
    } else {
      watcher = ConfigWatcher.start(settings.sources(), this::reload);
      applyFirst(watcher);
    }
    own = instrument(new OkHttpClient.Builder()).build();
    stages.owners().detector().start();
    awaitMesh(settings.awaitMesh());
  }

  private void awaitMesh(Duration most) {
    try {
      if (!most.isZero() && !stages.owners().detector().await(most)) {
        log.warn("The local proxy is not ready after {}: {}", most, stages.owners().state());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A builder; what it is not told comes from the environment. */
  public static MeshClientBuilder builder() {
    return new MeshClientBuilder();
  }

  /**
   * The client whose calls obey the policy. Its threads and connections are released by {@link
   * #close}.
   */
  public OkHttpClient okHttpClient() {
    return own;
  }

  /**
   * Makes an application's own client obey the policy. To be called last: interceptors that are
   * there already see a call once, those added later see each try. Redirects are followed as the
   * builder says, but by this library, so that where they lead is routed as well.
   *
   * @return the builder
   */
  public OkHttpClient.Builder instrument(OkHttpClient.Builder builder) {
    requireNonNull(builder, "builder");
    OkHttpClient before = builder.build();
    IdleConnections idle = new IdleConnections(stages.clock());
    ConnectionLives lives = new ConnectionLives(stages.clock());
    OkHttpClient copies =
        MirrorInterceptor.client(before, idle, lives, new EndpointStage(stages), stages);
    builder.networkInterceptors().add(0, new RetryAfterMask());
    return builder
        .followRedirects(false)
        .followSslRedirects(false)
        .retryOnConnectionFailure(false)
        .eventListenerFactory(
            new CallEvents.Factory(before.eventListenerFactory(), idle, stages.tls().rotated()))
        .addNetworkInterceptor(lives)
        .addNetworkInterceptor(new PeerCheck())
        .addInterceptor(
            new MeshInterceptor(
                stages,
                new MirrorStage(stages.upstreams(), copies, mirrors, stages.draws()),
                FollowUps.of(before),
                () -> closed ? null : policy,
                this::report,
                clientTelemetry,
                ClientTelemetry.isInstrumented(before)));
  }

  /**
   * Ties a request to the present thread's context. Calls need no such help; WebSockets do, whose
   * calls OkHttp makes by itself.
   */
  public static Request withContext(Request request) {
    return request
        .newBuilder()
        .tag(CallEvents.Tag.class, new CallEvents.Tag(Context.current()))
        .build();
  }

  /** What was decided for a call; {@code null} while it has no answer. */
  public @Nullable Decision decision(Call call) {
    DecisionHolder holder = call.tag(DecisionHolder.class);
    return holder == null ? null : holder.decision;
  }

  /**
   * What would happen to a request, without sending it.
   *
   * @param draw at least 0 and less than 100: decides between weighted destinations
   */
  public Explanation explain(Request request, double draw) {
    if (!(draw >= 0 && draw < 100)) {
      throw new IllegalArgumentException("draw: " + draw + " (expected: 0 to less than 100)");
    }
    return Explainer.explain(policy(), new RequestViewOfOkHttp(request), draw);
  }

  /** The policy in force. */
  public MeshPolicy policy() {
    return requireNonNull(policy, "policy");
  }

  /**
   * Who may call this workload, as of now. A change of the configuration puts another in its place:
   * to be asked for with each request, and kept no longer.
   */
  public AccessPolicy accessPolicy() {
    // Who only calls others needs no keys of token issuers.
    tokenKeys.start();
    return requireNonNull(access, "access");
  }

  /** The mesh's trust domain and its aliases; empty where the configuration names none. */
  public List<TrustDomain> trustDomains() {
    return trustDomains;
  }

  /**
   * The SPIFFE ID of this workload, which its sidecar has too: its identity's, else that which
   * Istio gives to the service account whose token is mounted; {@code null} where neither is there.
   */
  public @Nullable SpiffeId workloadId() {
    return ownName.get(trustDomains());
  }

  /**
   * What records requests, of servers that belong to this client too: spans, metrics and access
   * logs as its configuration says.
   */
  public RequestTelemetry telemetry() {
    return telemetry;
  }

  /**
   * Where services run, as a registry of the application's tells: in place of what this method was
   * told before, and in effect from the next request on. What the builder was told of a service
   * comes first.
   */
  public void discovered(Collection<StaticEndpoint> endpoints) {
    requireNonNull(endpoints, "endpoints");
    List<StaticEndpoint> told = settings.endpoints();
    Set<String> known = told.stream().map(StaticEndpoint::service).collect(Collectors.toSet());
    List<StaticEndpoint> all = new ArrayList<>(told);
    endpoints.stream().filter(one -> !known.contains(one.service())).forEach(all::add);
    swapping.lock();
    try {
      loader.endpoints(all);
      if (!closed) {
        apply(watcher == null ? Configuration.EMPTY : watcher.current());
      }
    } finally {
      swapping.unlock();
    }
  }

  /** How the endpoints of a cluster of the policy in force are doing, in their order. */
  public List<EndpointReport> endpoints(Cluster cluster) {
    return stages.upstreams().of(requireNonNull(cluster, "cluster")).endpoints().stream()
        .map(EndpointReport::of)
        .toList();
  }

  /** What stands behind the policy. */
  StageSettings stages() {
    return stages;
  }

  /** The circuit breakers that calls have made use of. */
  public CircuitBreakers circuitBreakers() {
    return stages.breakers();
  }

  /** The bulkheads of destinations that were called. */
  public List<Bulkhead> bulkheads() {
    return stages.bulkheads().all();
  }

  /** The rate limits of destinations that were called. */
  public List<RateLimiter> rateLimiters() {
    return stages.rateLimiters().all();
  }

  /**
   * What is wrong with the configuration as it was read last, and where it does not go together
   * with the mesh that is around.
   */
  public List<Problem> problems() {
    List<Problem> all = new ArrayList<>(problems);
    all.addAll(meshProblems.of(policy(), ownership()));
    return List.copyOf(all);
  }

  /** Which mesh is around, as far as is known now; what that rests on, {@link #ownership} tells. */
  public MeshMode meshMode() {
    return stages.owners().state().mode();
  }

  /**
   * Who does what, the library or the mesh: for plain requests to services by their names, and for
   * requests that come in. Identity and authorization are the mesh's only where it is certain.
   */
  public Ownership ownership() {
    return stages.owners().state().ownership();
  }

  /** Who does what for a request, by where it is going. */
  public Ownership ownership(Request request) {
    requireNonNull(request, "request");
    return stages.owners().of(policy(), request.url(), new RequestViewOfOkHttp(request));
  }

  /**
   * Releases all that this client took, after calls under way have drained and before the sidecar
   * is told to end, if the builder was told so; calls after it fail with {@link
   * MeshClosedException}.
   */
  @Override
  public void close() {
    boolean first = !closed;
    closed = true;
    stages.calls().drain(settings.drain());
    if (watcher != null) {
      watcher.close();
    }
    tokenKeys.close();
    mirrors.close();
    stages.close();
    metrics.close();
    telemetry.close();
    own.dispatcher().executorService().shutdown();
    own.connectionPool().evictAll();
    if (first && settings.quitsMesh()) {
      stages.owners().detector().quit();
    }
  }

  private void applyFirst(ConfigWatcher watching) {
    try {
      apply(watching.current());
    } catch (RuntimeException | Error e) {
      watching.close(); // nobody else can: there will be no client
      throw e;
    }
  }

  private void reload(Configuration newer) {
    if (closed) {
      return;
    }
    try {
      apply(newer);
    } catch (RuntimeException | Error e) {
      log.error("A change of the configuration cannot be put in force", e);
      List<Problem> all = new ArrayList<>(newer.problems());
      all.add(MeshProblems.notInForce(e));
      problems = List.copyOf(all);
    }
  }

  /** Puts a configuration in force: as a whole, or not at all where it cannot be compiled. */
  void apply(Configuration newer) {
    swapping.lock();
    try {
      PolicyLoader.Loaded loaded = loader.load(newer);
      TelemetryPolicy observed = observed(loaded.policy().workload(), newer);
      stages.apply(loaded.policy().clusters(), loaded.trustDomains());
      MeshTelemetry own = settings.telemetry();
      if (own != null) {
        own.apply(observed);
      }
      telemetryPolicy = observed;
      List<Problem> all = new ArrayList<>(loaded.problems());
      all.addAll(observed.problems());
      problems = List.copyOf(all);
      trustDomains = loaded.trustDomains();
      access = loaded.access();
      policy = loaded.policy();
      generation.incrementAndGet();
      problems().forEach(MeshClient::log);
      log.info("Policy in force: {} resources", loaded.resources());
    } finally {
      swapping.unlock();
    }
  }

  private TelemetryPolicy observed(Workload workload, Configuration newer) {
    return TelemetryPolicy.compile(
        newer, workload.namespace(), workload.labels(), workload.domain(), settings.accessLog());
  }

  private static void log(Problem problem) {
    if (problem.severity() == Problem.Severity.ERROR) {
      log.error("{}", problem);
    } else {
      log.warn("{}", problem);
    }
  }

  private void report(Decision decision) {
    log.debug("{}", decision);
    for (Consumer<Decision> listener : settings.listeners()) {
      try {
        listener.accept(decision);
      } catch (RuntimeException e) {
        log.warn("A decision listener failed: {}", listener, e);
      }
    }
  }
}
