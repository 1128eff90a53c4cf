package io.meshclient.spring.server;

import static java.util.Objects.requireNonNull;

import io.meshclient.access.RequestChanges;
import io.meshclient.server.MeshCaller;
import io.meshclient.server.ServerPipeline;
import io.meshclient.spring.context.ReactorContexts;
import io.opentelemetry.context.Context;
import java.io.IOException;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * What {@link io.meshclient.server.MeshServletFilter} is for servlets, for WebFlux: takes what
 * travels with a request into Reactor's context, from where {@link
 * io.meshclient.spring.client.MeshClientHttpConnector} carries it on; and refuses whom the policies
 * refuse and what comes too often. The decision takes no time that a thread would wait for.
 *
 * <p>Handlers see the request as it was decided about: path, headers; and the caller, a {@link
 * MeshCaller}, as {@link ServerWebExchange#getPrincipal}, where one is known and Spring Security
 * puts nobody else there.
 *
 * <p>Safe from any thread.
 */
public final class MeshWebFilter implements WebFilter, Ordered {
  private static final String CONTEXT = MeshWebFilter.class.getName() + ".context";

  /** The attribute with the {@link MeshCaller}, which arguments are taken from. */
  static final String CALLER = MeshCaller.class.getName();

  private final ServerPipeline pipeline;
  private final int order;

  /** A filter that decides by this pipeline, at that place among all filters. */
  public MeshWebFilter(ServerPipeline pipeline, int order) {
    this.pipeline = requireNonNull(pipeline, "pipeline");
    this.order = order;
  }

  /** Who asks, of a request that such a filter has let in; of others nobody is known. */
  public static MeshCaller caller(ServerWebExchange exchange) {
    return MeshCaller.from(contextOf(requireNonNull(exchange, "exchange")));
  }

  /** The context of a request that this filter has let in; the root for others. */
  static Context contextOf(ServerWebExchange exchange) {
    return exchange.getAttributeOrDefault(CONTEXT, Context.root());
  }

  @Override
  public int getOrder() {
    return order;
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    return Mono.defer(
        () -> {
          ReactiveExchange request = new ReactiveExchange(exchange);
          try {
            Admitted admitted = new Admitted();
            pipeline.handle(request, admitted);
            return goOn(request, admitted, exchange, chain).doFinally(signal -> request.done());
          } catch (IOException e) {
            Mono<Void> refused = request.isCut() ? request.answered() : Mono.error(e);
            return refused.doFinally(signal -> request.done());
          }
        });
  }

  private Mono<Void> goOn(
      ReactiveExchange request,
      Admitted admitted,
      ServerWebExchange exchange,
      WebFilterChain chain) {
    if (request.isAnswered()) {
      return request.answered();
    }
    ServerWebExchange decided = request.counted(admitted.decided(exchange));
    if (pipeline.enforcesAccess() && !isReadAsDecided(decided.getRequest().getPath())) {
      request.answer(400, "");
      return request.answered();
    }
    Context travels = admitted.context();
    decided.getAttributes().put(CONTEXT, travels);
    decided.getAttributes().put(CALLER, MeshCaller.from(travels));
    return chain.filter(decided).contextWrite(view -> ReactorContexts.with(view, travels));
  }

  /** Spring leaves parameters behind semicolons out, and undoes escapes: of slashes, too. */
  private static boolean isReadAsDecided(PathContainer path) {
    for (PathContainer.Element element : path.elements()) {
      if (element instanceof PathContainer.PathSegment segment
          && (!segment.parameters().isEmpty()
              || segment.valueToMatch().indexOf('/') >= 0
              || segment.valueToMatch().indexOf('\\') >= 0
              || segment.value().indexOf(';') >= 0)) {
        return false;
      }
    }
    return true;
  }

  /** How a request goes on, which it does after the pipeline has returned. */
  private static final class Admitted implements ServerPipeline.Next {
    private @Nullable RequestChanges changes;
    private @Nullable Context context;

    @Override
    public void proceed(RequestChanges changes) {
      this.changes = changes;
      this.context = Context.current();
    }

    Context context() {
      return requireNonNull(context, "context");
    }

    ServerWebExchange decided(ServerWebExchange exchange) {
      RequestChanges how = requireNonNull(changes, "changes");
      ServerWebExchange.Builder builder = exchange.mutate();
      MeshCaller caller = MeshCaller.from(context());
      if (caller.isKnown()) {
        builder.principal(Mono.just(caller));
      }
      if (!how.isNone()) {
        builder.request(changed(exchange.getRequest(), how));
      }
      return builder.build();
    }

    private static ServerHttpRequest changed(ServerHttpRequest sent, RequestChanges changes) {
      String target = changes.target();
      ServerHttpRequest onPath =
          target == null ? sent : sent.mutate().uri(at(sent.getURI(), target)).build();
      return new DecidedHttpRequest(onPath, changes);
    }

    private static URI at(URI sent, String target) {
      return URI.create(sent.getScheme() + "://" + sent.getRawAuthority() + target);
    }
  }
}
