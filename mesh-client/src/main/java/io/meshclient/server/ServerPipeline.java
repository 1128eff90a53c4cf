package io.meshclient.server;

import static java.util.Objects.requireNonNull;

import io.meshclient.access.AccessVerdict;
import io.meshclient.access.InboundConnection;
import io.meshclient.access.RequestChanges;
import io.meshclient.context.InboundHeaders;
import io.meshclient.context.MeshContext;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.io.IOException;
import java.util.List;
import java.util.Map;
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
   * The steps, in order; what each of them takes it gives back, whatever the handler throws. What
   * fails before the handler, whatever it is, is answered 500 or cuts the connection.
   *
   * @throws IOException as the handler does; and where the connection had to be cut since the peer
   *     proves nothing, or since there is no answering
   */
  public void handle(ServerExchange exchange, Next handler) throws IOException {
    requireNonNull(exchange, "exchange");
    OnceReached last = new OnceReached(requireNonNull(handler, "handler"));
    Recorded recorded = new Recorded(watch, telemetry);
    try {
      carry(exchange, last, recorded);
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      if (last.reached()) {
        throw e;
      }
      log.error("Refused, since something failed before it was let in", e);
      fail(exchange);
    } finally {
      exchange.whenDone(() -> recorded.end(exchange.status()));
    }
  }

  private void carry(ServerExchange exchange, Next handler, Recorded recorded) throws IOException {
    long started = clock.getAsLong();
    Inbound request = new Inbound(exchange, connection(exchange), null);
    try (Scope scope = recorded.begin(request, started).makeCurrent()) {
      Inbound decided = access == null ? request : access.decide(request);
      recorded.decided(decided == null ? null : decided.verdict());
      if (decided != null && decided.isAllowed()) {
        proceed(decided, handler, recorded);
      }
    } catch (IOException | RuntimeException | Error e) {
      recorded.failed(e);
      throw e;
    }
  }

  private static void fail(ServerExchange exchange) throws IOException {
    try {
      exchange.answer(500, "");
    } catch (RuntimeException e) {
      exchange.cut();
      throw new IOException("no answer could be given", e);
    }
  }

  /**
   * Whether it decides about more than how often requests come. Then a server must not choose the
   * handler by another path than was decided about.
   */
  public boolean enforcesAccess() {
    return access != null;
  }

  private void proceed(Inbound request, Next handler, Recorded recorded) throws IOException {
    AccessVerdict verdict = request.verdict();
    MeshCaller caller =
        new MeshCaller(
            request.connection().peer(),
            verdict == null ? null : verdict.requestPrincipal(),
            verdict == null ? Map.of() : verdict.claims());
    try (Scope scope = inbound.makeCurrent(request);
        Scope withCaller = caller.in(Context.current()).makeCurrent();
        LogContext lines = LogContext.of(Context.current(), request)) {
      recorded.named(MeshContext.current().requestId());
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
