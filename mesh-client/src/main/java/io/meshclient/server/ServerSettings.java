package io.meshclient.server;

import static java.util.Objects.requireNonNull;

import io.meshclient.MeshClient;
import io.meshclient.context.GlobalTelemetry;
import io.meshclient.context.InboundHeaders;
import io.meshclient.context.PropagationPolicy;
import io.meshclient.context.TracePropagation;
import io.meshclient.identity.IdentityException;
import io.meshclient.identity.IdentityTls;
import io.meshclient.identity.SpiffeId;
import io.meshclient.mesh.Capability;
import io.meshclient.resilience.RateLimit;
import io.meshclient.telemetry.Peer;
import io.meshclient.telemetry.RequestTelemetry;
import io.meshclient.telemetry.TelemetryPolicy;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.context.propagation.ContextPropagators;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What all servers' filters are told in the same way. For one thread.
 *
 * @param <B> the builder itself
 */
abstract class ServerSettings<B extends ServerSettings<B>> {
  private PropagationPolicy policy = PropagationPolicy.fromEnvironment(System.getenv());
  private @Nullable ContextPropagators propagators;
  private @Nullable IdentityTls identity;
  private @Nullable SpiffeId sidecar;
  private boolean enforcesBehindMesh;
  private boolean takesDeadlines;
  private final List<RouteLimits.Route> routes = new ArrayList<>();
  private final List<String> unlimited = new ArrayList<>(ExemptPaths.HEALTH.prefixes());
  private final List<String> open = new ArrayList<>();
  private @Nullable MeshClient mesh;
  private @Nullable RequestTelemetry telemetry;
  private int port;
  private LongSupplier clock = System::nanoTime;
  private DoubleSupplier draws = () -> ThreadLocalRandom.current().nextDouble(100);

  ServerSettings() {}

  abstract B self();

  /** Sets which headers travel; {@link PropagationPolicy#fromEnvironment} by default. */
  public B policy(PropagationPolicy policy) {
    this.policy = requireNonNull(policy, "policy");
    return self();
  }

  /**
   * Sets how traces and baggage are read; by default as the OpenTelemetry of {@link #telemetry} is
   * configured, and if it is not, as {@code OTEL_PROPAGATORS} says or by the W3C's headers.
   */
  public B propagators(ContextPropagators propagators) {
    this.propagators = requireNonNull(propagators, "propagators");
    return self();
  }

  /**
   * Whether {@link io.meshclient.context.MeshDeadline#HEADER} shortens what the request causes. Not
   * by default: it is the caller who says.
   */
  public B takeDeadlines(boolean takes) {
    takesDeadlines = takes;
    return self();
  }

  /**
   * Bounds how often requests come to a path, and all below it, by any method. See {@link
   * #rateLimit(String, String, RateLimit)}.
   *
   * @throws IllegalArgumentException if it does not begin with a slash
   */
  public B rateLimit(String path, RateLimit limit) {
    routes.add(route(null, path, limit));
    return self();
  }

  /**
   * Bounds how often requests come by a method to a path, and all below it; of the limits that fit
   * a request the one with the longest path holds, and of equal ones the one with a method. What
   * comes too often is answered 429 with {@code Retry-After}; this and all other answers have
   * {@code RateLimit} and {@code RateLimit-Policy}, which tell where the limit stands. A limit is
   * one for all callers. Requests never wait, whatever the limit says of that.
   *
   * @throws IllegalArgumentException if the path does not begin with a slash, or the method is none
   */
  public B rateLimit(String method, String path, RateLimit limit) {
    routes.add(route(requireNonNull(method, "method"), path, limit));
    return self();
  }

  private static RouteLimits.Route route(@Nullable String method, String path, RateLimit limit) {
    return new RouteLimits.Route(
        method, requireNonNull(path, "path"), requireNonNull(limit, "limit"));
  }

  /**
   * Paths that no limit refuses, with all below them, besides {@code /health}, {@code /healthz},
   * {@code /livez}, {@code /readyz}, {@code /live}, {@code /ready} and {@code /actuator/health}.
   * Policies hold for them all the same: see {@link #exemptFromAccess}.
   */
  public B exempt(String... paths) {
    unlimited.addAll(List.of(requireNonNull(paths, "paths")));
    return self();
  }

  /**
   * Paths, with all below them, that anybody may ask for in whatever way: no PeerAuthentication,
   * RequestAuthentication or AuthorizationPolicy is looked at, and no header taken off. None by
   * default. A path that can be read in more than one way (escapes, dot segments, double slashes,
   * backslashes, parameters behind a semicolon) is never exempt.
   *
   * @throws IllegalArgumentException if one is no path, or the root, below which everything is
   */
  public B exemptFromAccess(String... paths) {
    for (String path : requireNonNull(paths, "paths")) {
      if (!path.startsWith("/") || path.equals("/") || !Paths.isPlain(path)) {
        throw new IllegalArgumentException(
            "path: \"" + path + "\" (expected: a path as it is normalised, such as /healthz)");
      }
      open.add(path);
    }
    return self();
  }

  /**
   * Enforces what the configuration of this client says of requests to its workload: Istio's
   * PeerAuthentication, RequestAuthentication, AuthorizationPolicy and local rate limits. A reload
   * of the configuration takes effect at the next request.
   *
   * <p>Where a mesh is certain to be around (see {@link MeshClient#ownership}) a request that its
   * sidecar or waypoint has let in is not decided about again, unless {@link #enforceBehindMesh}
   * says so. Behind Istio's sidecar the caller is whom the sidecar names, as with {@link #sidecar}
   * and {@link MeshClient#workloadId}. Requests that came past the sidecar get neither.
   */
  public B inboundRules(MeshClient mesh) {
    this.mesh = requireNonNull(mesh, "mesh");
    return self();
  }

  /**
   * Whether policies and local rate limits are enforced here also for what a mesh has let in. Not
   * by default.
   */
  public B enforceBehindMesh(boolean enforces) {
    enforcesBehindMesh = enforces;
    return self();
  }

  /**
   * The service's port that rules of the configuration mean, where it is not the one that the
   * server listens on.
   *
   * @throws IllegalArgumentException if it is not from 1 to 65535
   */
  public B servicePort(int port) {
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("port: " + port + " (expected: 1..65535)");
    }
    this.port = port;
    return self();
  }

  /**
   * Makes the caller's SPIFFE ID known as {@link MeshPeer}, for a server whose context is of this
   * identity. A request on a connection whose peer has proven nothing, or nothing that holds any
   * more, gets no answer: its connection is closed. After the identity was renewed each connection
   * ends with its next answer.
   */
  public B identity(IdentityTls identity) {
    this.identity = requireNonNull(identity, "identity");
    return self();
  }

  /**
   * Takes the word of the sidecar in front for who called: the last element of {@code
   * x-forwarded-client-cert}, which has to be by this workload's own ID. Only for servers that
   * nobody but their sidecar can reach, since anybody can write a header. A request without it has
   * no known caller; one whose header is malformed, or by another, gets no answer. On connections
   * by TLS the header does not count.
   */
  public B sidecar(SpiffeId own) {
    this.sidecar = requireNonNull(own, "own");
    return self();
  }

  /** What limits refill by. For tests. */
  B clock(LongSupplier clock) {
    this.clock = clock;
    return self();
  }

  /** What decides where a limit is for a share of the requests: at least 0, less than 100. */
  B draws(DoubleSupplier draws) {
    this.draws = draws;
    return self();
  }

  /**
   * What records the requests: a client's {@link MeshClient#telemetry}. By default that of {@link
   * #inboundRules}, else the global OpenTelemetry's, as it is when the filter is built.
   */
  public B telemetry(RequestTelemetry telemetry) {
    this.telemetry = requireNonNull(telemetry, "telemetry");
    return self();
  }

  RequestTelemetry telemetry() {
    RequestTelemetry chosen = telemetry;
    if (chosen == null) {
      OpenTelemetry global = GlobalTelemetry.orNoop();
      chosen =
          mesh != null
              ? mesh.telemetry()
              : RequestTelemetry.create(
                  global,
                  TracePropagation.of(global, System.getenv()),
                  Peer.NOBODY,
                  () -> TelemetryPolicy.NONE);
      telemetry = chosen;
    }
    return chosen;
  }

  InboundHeaders inbound() {
    ContextPropagators chosen = propagators != null ? propagators : telemetry().propagators();
    InboundHeaders inbound = InboundHeaders.create(policy, chosen);
    return takesDeadlines ? inbound.takingDeadlines() : inbound;
  }

  PeerReader peers() {
    return new PeerReader(identity, new SidecarWord(sidecar, front(), ownId(identity, mesh)));
  }

  /** By which the sidecar names itself, if nobody told. */
  private static Supplier<@Nullable SpiffeId> ownId(
      @Nullable IdentityTls identity, @Nullable MeshClient mesh) {
    return () -> {
      if (identity != null) {
        try {
          return identity.identity().svid().id();
        } catch (IdentityException e) {
          return null; // for now
        }
      }
      return mesh == null ? null : mesh.workloadId();
    };
  }

  private MeshFront front() {
    return mesh == null ? MeshFront.NONE : new MeshFront(mesh::ownership);
  }

  @Nullable AccessCheck access() {
    return mesh == null
        ? null
        : new AccessCheck(
            mesh::accessPolicy, enforcesBehindMesh ? MeshFront.NONE : front(), open, clock);
  }

  ExemptPaths unlimited() {
    return new ExemptPaths(List.copyOf(unlimited));
  }

  List<Guard> limits() {
    List<Guard> limits = new ArrayList<>();
    if (mesh != null) {
      MeshClient of = mesh;
      MeshFront front = enforcesBehindMesh ? MeshFront.NONE : front();
      Guard local = new LocalLimits(() -> of.policy().rateLimits(), clock, draws);
      limits.add(
          request ->
              front.has(Capability.RATE_LIMITS, request.exchange()) || local.admits(request));
    }
    if (!routes.isEmpty()) {
      limits.add(new RouteLimits(routes, clock));
    }
    return limits;
  }

  int port() {
    return port;
  }

  LongSupplier clock() {
    return clock;
  }
}
