package io.meshclient.server;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import io.meshclient.context.MeshContext;
import io.meshclient.context.PropagationPolicy;
import java.io.IOException;

/**
 * Takes what travels with a request into the context of the handler's thread, and refuses whom the
 * policies refuse and what comes too often, for the JDK's {@code HttpServer}.
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
 * <p>What an access policy changes of a request (the path that it was decided about, tokens taken
 * off, claims put in) the handler, and filters behind this one, see in the exchange that they are
 * given. The server has chosen the handler by the path as it was sent, though: where that is
 * another one than policies decided about (dot segments, an escaped slash, a backslash) the request
 * is answered 400. Where a policy refuses a connection it is closed without an answer.
 *
 * <p>Safe for any number of servers and threads, virtual ones too.
 */
public final class MeshHttpFilter extends Filter {

  private final ServerPipeline pipeline;

  private MeshHttpFilter(ServerPipeline pipeline) {
    this.pipeline = pipeline;
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
    JdkExchange request = new JdkExchange(exchange);
    pipeline.handle(
        request,
        changes -> {
          String decided = changes.target() == null ? request.target() : changes.target();
          if (pipeline.enforcesAccess() && !Paths.agree(request.target(), decided)) {
            request.answer(400, "");
          } else {
            chain.doFilter(ChangedExchange.of(exchange, changes));
          }
        });
  }

  @Override
  public String description() {
    return "Carries mesh headers and trace context on, and refuses whom the policies refuse";
  }

  /** Builds a {@link MeshHttpFilter}. For one thread. */
  public static final class Builder extends ServerSettings<Builder> {

    private Builder() {}

    @Override
    Builder self() {
      return this;
    }

    /** The filter. */
    public MeshHttpFilter build() {
      return new MeshHttpFilter(new ServerPipeline(this));
    }
  }
}
