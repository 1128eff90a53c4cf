package io.meshclient.server;

import static java.util.Objects.requireNonNull;

import io.meshclient.access.RequestChanges;
import io.meshclient.context.MeshContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * What {@link MeshHttpFilter} is for the JDK's server, for servlet containers of Jakarta EE 10 and
 * later: takes what travels with a request into the context of the servlet's thread ({@link
 * MeshContext#current()}, {@link MeshPeer#current()}), and refuses whom the policies refuse and
 * what comes too often. It needs {@code jakarta.servlet:jakarta.servlet-api} on the class path.
 *
 * <pre>{@code
 * context.addFilter(MeshServletFilter.builder().inboundRules(mesh).identity(tls).build(), "/*",
 *     EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC, DispatcherType.ERROR));
 * }</pre>
 *
 * <p>To be mapped to {@code /*} in front of all other filters. A request is decided about once: on
 * its way to other servlets (forward, include), to an error page, or when it is taken up again
 * after an asynchronous wait, it passes. A servlet that goes on on another thread takes the context
 * along by {@link io.meshclient.context.ContextWrappers}.
 *
 * <p>Servlets see the request as it was decided about: path, parameters, headers; and the caller, a
 * {@link MeshCaller}, as {@link HttpServletRequest#getUserPrincipal}, where one is known. A
 * container has its own way to read a path (parameters behind semicolons, double slashes): where
 * policies are enforced, a request is answered 400 if that leads it to another path than theirs.
 *
 * <p>Containers do not let a filter cut a connection off: where a policy wants that, the request is
 * answered 403, without a word, and the connection ends behind it.
 *
 * <p>Safe for any number of threads, virtual ones too.
 */
public final class MeshServletFilter implements Filter {
  private static final String DECIDED = MeshServletFilter.class.getName() + ".decided";

  private final ServerPipeline pipeline;

  private MeshServletFilter(ServerPipeline pipeline) {
    this.pipeline = pipeline;
  }

  /** A builder that starts with the policy that the environment says. */
  public static Builder builder() {
    return new Builder();
  }

  /** A filter that decides as others that share the pipeline. */
  public static MeshServletFilter of(ServerPipeline pipeline) {
    return new MeshServletFilter(requireNonNull(pipeline, "pipeline"));
  }

  /** Builds a {@link MeshServletFilter}. For one thread. */
  public static final class Builder extends ServerSettings<Builder> {

    private Builder() {}

    @Override
    Builder self() {
      return this;
    }

    /** The filter. */
    public MeshServletFilter build() {
      return new MeshServletFilter(new ServerPipeline(this));
    }
  }

  /**
   * Decides about a request.
   *
   * @throws ServletException if it is none of HTTP, which nothing can be told of, or as the chain
   */
  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    requireNonNull(chain, "chain");
    if (!(request instanceof HttpServletRequest http)
        || !(response instanceof HttpServletResponse answer)) {
      throw new ServletException("request: " + request + " (expected: one of HTTP)");
    }
    if (isDecided(http)) {
      chain.doFilter(request, response);
      return;
    }
    decide(http, answer, chain);
  }

  /** Only the container can take a request up again; the mark is this filter's own. */
  private boolean isDecided(HttpServletRequest request) {
    return request.getDispatcherType() != DispatcherType.REQUEST
        && request.getAttribute(DECIDED) == this;
  }

  private void decide(HttpServletRequest request, HttpServletResponse answer, FilterChain chain)
      throws IOException, ServletException {
    ServletExchange exchange = new ServletExchange(request, answer);
    try {
      pipeline.handle(
          exchange,
          changes -> {
            if (pipeline.enforcesAccess() && !isPathOf(request, exchange.target(), changes)) {
              exchange.answer(HttpServletResponse.SC_BAD_REQUEST, "");
              return;
            }
            request.setAttribute(DECIDED, this);
            try {
              exchange.proceed(new DecidedRequest(request, changes, MeshCaller.current()), chain);
            } catch (ServletException e) {
              throw new Carried(e);
            }
          });
    } catch (Carried e) {
      throw e.exception();
    } catch (IOException e) {
      if (!exchange.isCut()) {
        throw e;
      }
    }
  }

  /** Whether the path that was decided about is the one that the container chose a servlet by. */
  private static boolean isPathOf(HttpServletRequest request, String sent, RequestChanges changes) {
    String decided = changes.target() == null ? sent : changes.target();
    String info = request.getPathInfo() == null ? "" : request.getPathInfo();
    return Paths.decoded(Paths.raw(decided))
        .equals(Paths.decoded(request.getContextPath()) + request.getServletPath() + info);
  }

  /** A servlet's exception on its way through the pipeline. */
  private static final class Carried extends IOException {
    private static final long serialVersionUID = 1L;

    Carried(ServletException exception) {
      super(exception);
    }

    ServletException exception() {
      return (ServletException) requireNonNull(getCause(), "cause");
    }
  }
}
