package io.meshclient.server;

import static java.util.Objects.requireNonNull;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import io.meshclient.MeshClient;
import io.meshclient.context.GlobalTelemetry;
import io.meshclient.context.InboundHeaders;
import io.meshclient.context.MeshContext;
import io.meshclient.context.PropagationPolicy;
import io.meshclient.identity.IdentityTls;
import io.meshclient.identity.SpiffeId;
import io.meshclient.resilience.RateLimit;
import io.opentelemetry.context.propagation.ContextPropagators;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes what travels with a request into the context of the handler's thread, and refuses what
 * comes too often, for the JDK's {@code HttpServer}.
 *
 * <pre>{@code
 * HttpContext context = server.createContext("/", handler);
 * context.getFilters().add(MeshHttpFilter.create());
 * }</pre>
 *
 * <p>Within the handler {@link MeshContext#current()} has the request's headers as the {@link
 * PropagationPolicy} says, and a request id always, if the policy carries it; so that all calls
 * that the handler makes share it. The request id is not among the exchange's attributes: the JDK
 * shares those among all exchanges of a path. A handler that goes on on another thread takes the
 * context along by {@link io.meshclient.context.ContextWrappers}.
 *
 * <p>What the builder was told to bound is answered 429 in the handler's place; several servers
 * that share a filter share its limits.
 *
 * <p>Safe for any number of servers and threads, virtual ones too.
 */
public final class MeshHttpFilter extends Filter {

  private final ServerPipeline pipeline;

  private final @Nullable PeerReader peers;

  private MeshHttpFilter(ServerPipeline pipeline, @Nullable PeerReader peers) {
    this.pipeline = pipeline;
    this.peers = peers;
  }

  /** A filter by the environment's policy and the global OpenTelemetry's propagators. */
  public static MeshHttpFilter create() {
    return builder().build();
  }

  /** A builder that starts with the policy that the environment says. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
    pipeline.handle(
        new JdkExchange(exchange),
        peers == null ? null : peers.peer(exchange),
        () -> chain.doFilter(exchange));
  }

  @Override
  public String description() {
    return "Carries mesh headers and trace context on, and bounds how often requests come";
  }

  /** Builds a {@link MeshHttpFilter}. For one thread. */
  public static final class Builder {

    private PropagationPolicy policy = PropagationPolicy.fromEnvironment(System.getenv());
    private @Nullable ContextPropagators propagators;
    private @Nullable IdentityTls identity;
    private @Nullable SpiffeId sidecar;
    private boolean takesDeadlines;
    private final List<RouteLimits.Route> routes = new ArrayList<>();
    private final List<String> exempt = new ArrayList<>(ExemptPaths.HEALTH.prefixes());
    private @Nullable MeshClient mesh;
    private int port;
    private LongSupplier clock = System::nanoTime;
    private DoubleSupplier draws = () -> ThreadLocalRandom.current().nextDouble(100);

    private Builder() {}

    /** Sets which headers travel; {@link PropagationPolicy#fromEnvironment} by default. */
    public Builder policy(PropagationPolicy policy) {
      this.policy = requireNonNull(policy, "policy");
      return this;
    }

    /**
     * Sets how traces and baggage are read; by default as the global OpenTelemetry is configured
     * when the filter is built, and by the W3C's headers if it is not.
     */
    public Builder propagators(ContextPropagators propagators) {
      this.propagators = requireNonNull(propagators, "propagators");
      return this;
    }

    /**
     * Whether {@link io.meshclient.context.MeshDeadline#HEADER} shortens what the request causes.
     * Not by default: it is the caller who says.
     */
    public Builder takeDeadlines(boolean takes) {
      takesDeadlines = takes;
      return this;
    }

    /**
     * Bounds how often requests come to a path, and all below it, by any method. See {@link
     * #rateLimit(String, String, RateLimit)}.
     *
     * @throws IllegalArgumentException if it does not begin with a slash
     */
    public Builder rateLimit(String path, RateLimit limit) {
      routes.add(route(null, path, limit));
      return this;
    }

    /**
     * Bounds how often requests come by a method to a path, and all below it; of the limits that
     * fit a request the one with the longest path holds, and of equal ones the one with a method.
     * What comes too often is answered 429 with {@code Retry-After}; this and all other answers
     * have {@code RateLimit} and {@code RateLimit-Policy}, which tell where the limit stands. A
     * limit is one for all callers. Requests never wait, whatever the limit says of that.
     *
     * @throws IllegalArgumentException if the path does not begin with a slash, or the method is
     *     none
     */
    public Builder rateLimit(String method, String path, RateLimit limit) {
      routes.add(route(requireNonNull(method, "method"), path, limit));
      return this;
    }

    private static RouteLimits.Route route(@Nullable String method, String path, RateLimit limit) {
      return new RouteLimits.Route(
          method, requireNonNull(path, "path"), requireNonNull(limit, "limit"));
    }

    /**
     * Paths that are never refused, with all below them, besides {@code /health}, {@code /healthz},
     * {@code /livez}, {@code /readyz}, {@code /live}, {@code /ready} and {@code /actuator/health}.
     */
    public Builder exempt(String... paths) {
      exempt.addAll(List.of(requireNonNull(paths, "paths")));
      return this;
    }

    /**
     * Enforces what the configuration of this client says of requests to its workload: Istio's
     * local rate limits. A reload of the configuration takes effect at once.
     */
    public Builder inboundRules(MeshClient mesh) {
      this.mesh = requireNonNull(mesh, "mesh");
      return this;
    }

    /**
     * The service's port that rules of the configuration mean, where it is not the one that the
     * server listens on.
     *
     * @throws IllegalArgumentException if it is not from 1 to 65535
     */
    public Builder servicePort(int port) {
      if (port < 1 || port > 65535) {
        throw new IllegalArgumentException("port: " + port + " (expected: 1..65535)");
      }
      this.port = port;
      return this;
    }

    /** What limits refill by. For tests. */
    Builder clock(LongSupplier clock) {
      this.clock = clock;
      return this;
    }

    /** What decides where a limit is for a share of the requests: at least 0, less than 100. */
    Builder draws(DoubleSupplier draws) {
      this.draws = draws;
      return this;
    }

    /**
     * Makes the caller's SPIFFE ID known as {@link MeshPeer}, for a server whose context is of this
     * identity. A request on a connection whose peer has proven nothing, or nothing that holds any
     * more, gets no answer: its connection is closed. After the identity was renewed each
     * connection ends with its next answer.
     */
    public Builder identity(IdentityTls identity) {
      this.identity = requireNonNull(identity, "identity");
      return this;
    }

    /**
     * Takes the word of the sidecar in front for who called: the last element of {@code
     * x-forwarded-client-cert}, which has to be by this workload's own ID. Only for servers that
     * nobody but their sidecar can reach, since anybody can write a header. A request without it
     * has no known caller; one whose header is malformed, or by another, gets no answer. On
     * connections by TLS the header does not count.
     */
    public Builder sidecar(SpiffeId own) {
      this.sidecar = requireNonNull(own, "own");
      return this;
    }

    /** The filter. */
    public MeshHttpFilter build() {
      ContextPropagators chosen =
          propagators != null ? propagators : GlobalTelemetry.orNoop().getPropagators();
      InboundHeaders inbound = InboundHeaders.create(policy, chosen);
      List<Guard> guards = new ArrayList<>();
      if (mesh != null) {
        MeshClient of = mesh;
        guards.add(new LocalLimits(() -> of.policy().rateLimits(), port, clock, draws));
      }
      if (!routes.isEmpty()) {
        guards.add(new RouteLimits(routes, clock));
      }
      return new MeshHttpFilter(
          new ServerPipeline(
              takesDeadlines ? inbound.takingDeadlines() : inbound,
              new ExemptPaths(List.copyOf(exempt)),
              guards),
          identity == null && sidecar == null ? null : new PeerReader(identity, sidecar));
    }
  }
}
