package io.meshclient.server;

import static java.util.Objects.requireNonNull;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import io.meshclient.context.HeaderSource;
import io.meshclient.context.InboundHeaders;
import io.meshclient.context.MeshContext;
import io.meshclient.context.PropagationPolicy;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.context.propagation.ContextPropagators;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes what travels with a request into the context of the handler's thread, for the JDK's {@code
 * HttpServer}.
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
 * <p>Immutable, and safe for any number of servers and threads, virtual ones too.
 */
public final class MeshHttpFilter extends Filter {

  private final ServerPipeline pipeline;

  private MeshHttpFilter(InboundHeaders inbound) {
    pipeline = new ServerPipeline(inbound);
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
        new ExchangeHeaders(exchange.getRequestHeaders()), () -> chain.doFilter(exchange));
  }

  @Override
  public String description() {
    return "Carries mesh headers and trace context from the request to the calls it causes";
  }

  /** Builds a {@link MeshHttpFilter}. For one thread. */
  public static final class Builder {

    private PropagationPolicy policy = PropagationPolicy.fromEnvironment(System.getenv());
    private @Nullable ContextPropagators propagators;
    private boolean takesDeadlines;

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

    /** The filter. */
    public MeshHttpFilter build() {
      // getOrNoop: get() would settle the global instance for good, before the application sets it.
      ContextPropagators chosen =
          propagators != null ? propagators : GlobalOpenTelemetry.getOrNoop().getPropagators();
      InboundHeaders inbound = InboundHeaders.create(policy, chosen);
      return new MeshHttpFilter(takesDeadlines ? inbound.takingDeadlines() : inbound);
    }
  }

  private record ExchangeHeaders(Headers headers) implements HeaderSource {

    @Override
    public Iterable<String> names() {
      return headers.keySet();
    }

    @Override
    public List<String> values(String name) {
      List<String> values = headers.get(name);
      return values == null ? List.of() : values;
    }
  }
}
