package io.meshclient.spring.server;

import io.meshclient.server.MeshPeer;
import org.springframework.core.MethodParameter;
import org.springframework.web.reactive.BindingContext;
import org.springframework.web.reactive.result.method.HandlerMethodArgumentResolver;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * {@link MeshPeer} as an argument of controllers' methods on WebFlux, for which {@link
 * io.meshclient.server.MeshCaller} is one by {@link CallerParameter}.
 */
final class PeerArguments implements HandlerMethodArgumentResolver {

  @Override
  public boolean supportsParameter(MethodParameter parameter) {
    return parameter.getParameterType() == MeshPeer.class;
  }

  @Override
  public Mono<Object> resolveArgument(
      MethodParameter parameter, BindingContext binding, ServerWebExchange exchange) {
    return Mono.justOrEmpty(MeshPeer.from(MeshWebFilter.contextOf(exchange)));
  }
}
