package io.meshclient.server;

import static java.util.Objects.requireNonNull;

import io.meshclient.access.AccessVerdict;
import io.meshclient.access.InboundConnection;
import io.meshclient.access.RequestChanges;
import io.meshclient.context.InboundHeaders;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.io.IOException;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What every inbound request goes through, whatever server it came by; for servers that none of the
 * filters here is for. Whatever fails on the way refuses the request.
 *
 * <p>Safe for any number of servers and threads, virtual ones too.
 */
public final class ServerPipeline {
  private static final Logger log = LoggerFactory.getLogger(ServerPipeline.class);

  /** The rest of the way, ending in the application's handler. */
  @FunctionalInterface
  public interface Next {

    /**
     * The request goes on.
     *
     * @param changes what the handler must see otherwise than it was sent: the path that was
     *     decided about, tokens taken off, claims put in
     */
    void proceed(RequestChanges changes) throws IOException;
  }

  private final InboundHeaders inbound;
  private final PeerReader peers;
  private final @Nullable AccessCheck access;
  private final ExemptPaths unlimited;
  private final List<Guard> limits;
  private final int port;
  private final ServerWatch watch;
  private final ServerTelemetry telemetry;
  private final LongSupplier clock;

  ServerPipeline(ServerSettings<?> settings) {
    this.inbound = settings.inbound();
    this.peers = settings.peers();
    this.access = settings.access();
    this.unlimited = settings.unlimited();
    this.limits = List.copyOf(settings.limits());
    this.port = settings.port();
    this.clock = settings.clock();
    this.watch = new AccessLines(clock);
    this.telemetry = new ServerTelemetry(settings.telemetry(), inbound, clock);
  }

  /** A builder that starts with the policy that the environment says. */
  public static Builder builder() {
    return new Builder();
  }

  /** Builds a {@link ServerPipeline}. For one thread. */
  public static final class Builder extends ServerSettings<Builder> {

    private Builder() {}

    @Override
    Builder self() {
      return this;
    }

    /** The pipeline. */
    public ServerPipeline build() {
      return new ServerPipeline(this);
    }
  }

  /**
   * The steps, in order; what each of them takes it gives back, whatever the handler throws.
   *
   * @throws IOException as the handler does; and where the connection had to be cut since the peer
   *     proves nothing
   */
  public void handle(ServerExchange exchange, Next handler) throws IOException {
    requireNonNull(exchange, "exchange");
    requireNonNull(handler, "handler");
    long started = clock.getAsLong();
    Inbound request = new Inbound(exchange, connection(exchange), null);
    ServerWatch.Seen seen = watch.begun(request, started);
    ServerTrace trace = telemetry.begin(request, started);
    Context context = trace == null ? Context.current() : trace.context();
    Inbound decided = null;
    try (Scope scope = context.makeCurrent()) {
      decided = decide(request);
      if (decided != null && decided.isAllowed()) {
        proceed(decided, handler);
      }
    } catch (IOException | RuntimeException | Error e) {
      if (trace != null) {
        trace.failed(e);
      }
      throw e;
    } finally {
      AccessVerdict verdict = decided == null ? null : decided.verdict();
      exchange.whenDone(
          () -> {
            seen.ended(verdict, exchange.status());
            if (trace != null) {
              trace.ended(verdict);
            }
          });
    }
  }

  /**
   * Whether it decides about more than how often requests come. Then a server must not choose the
   * handler by another path than was decided about.
   */
  public boolean enforcesAccess() {
    return access != null;
  }

  private @Nullable Inbound decide(Inbound request) throws IOException {
    if (access == null) {
      return request;
    }
    try {
      return access.decide(request);
    } catch (RuntimeException | LinkageError e) {
      log.error("Denied, since the check failed: {}", request.exchange().remote(), e);
      request.exchange().answer(500, "");
      return null;
    }
  }

  private void proceed(Inbound request, Next handler) throws IOException {
    AccessVerdict verdict = request.verdict();
    MeshCaller caller =
        new MeshCaller(
            request.connection().peer(), verdict == null ? null : verdict.requestPrincipal());
    try (Scope scope = inbound.makeCurrent(request);
        Scope withCaller = caller.in(Context.current()).makeCurrent();
        LogContext lines = LogContext.of(Context.current(), request)) {
      if (unlimited.has(request.path()) || isWithinLimits(request)) {
        handler.proceed(request.changes());
      }
    }
  }

  private InboundConnection connection(ServerExchange exchange) throws IOException {
    return new InboundConnection(
        exchange.secured(),
        peers.peer(exchange),
        exchange.serverName(),
        exchange.remote().getAddress(),
        exchange.local().getAddress(),
        port == 0 ? exchange.local().getPort() : port);
  }

  private boolean isWithinLimits(Inbound request) throws IOException {
    for (Guard limit : limits) {
      if (!limit.admits(request)) {
        return false;
      }
    }
    return true;
  }
}
