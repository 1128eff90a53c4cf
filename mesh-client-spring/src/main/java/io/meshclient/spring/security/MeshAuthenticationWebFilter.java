package io.meshclient.spring.security;

import io.meshclient.server.MeshCaller;
import io.meshclient.spring.server.MeshWebFilter;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * What {@link MeshAuthenticationFilter} is for servlets, for WebFlux: makes the caller that {@link
 * MeshWebFilter} has found an Authentication, where the request has no other.
 *
 * <p>Each chain that is built by the bean {@code ServerHttpSecurity} has it; one that is built
 * otherwise takes it before {@code SecurityWebFiltersOrder.ANONYMOUS_AUTHENTICATION}.
 *
 * <p>Safe from any thread.
 */
public final class MeshAuthenticationWebFilter implements WebFilter {

  /** A filter; behind those that authenticate by other means. */
  public MeshAuthenticationWebFilter() {}

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    MeshCaller caller = MeshWebFilter.caller(exchange);
    if (!caller.isKnown()) {
      return chain.filter(exchange);
    }
    return ReactiveSecurityContextHolder.getContext()
        .filter(context -> context.getAuthentication() != null)
        .hasElement()
        .flatMap(
            other ->
                other
                    ? chain.filter(exchange)
                    : chain
                        .filter(exchange)
                        .contextWrite(
                            ReactiveSecurityContextHolder.withAuthentication(
                                CallerAuthentication.of(caller))));
  }
}
