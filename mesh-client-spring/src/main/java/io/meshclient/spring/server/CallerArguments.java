package io.meshclient.spring.server;

import static java.util.Objects.requireNonNull;

import io.meshclient.server.MeshCaller;
import io.meshclient.server.MeshPeer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;

/** {@link MeshCaller} and {@link MeshPeer} as arguments of controllers' methods. */
final class CallerArguments implements HandlerMethodArgumentResolver {

  private CallerArguments() {}

  /**
   * Puts it in front of Spring's own: a caller is a Principal, and of those Spring gives the one
   * that Spring Security made.
   */
  static void addTo(RequestMappingHandlerAdapter adapter) {
    List<HandlerMethodArgumentResolver> all = new ArrayList<>();
    all.add(new CallerArguments());
    all.addAll(requireNonNull(adapter.getArgumentResolvers(), "argument resolvers"));
    adapter.setArgumentResolvers(all);
  }

  @Override
  public boolean supportsParameter(MethodParameter parameter) {
    Class<?> type = parameter.getParameterType();
    return type == MeshCaller.class || type == MeshPeer.class;
  }

  @Override
  public @Nullable Object resolveArgument(
      MethodParameter parameter,
      @Nullable ModelAndViewContainer container,
      NativeWebRequest request,
      @Nullable WebDataBinderFactory binders) {
    return parameter.getParameterType() == MeshCaller.class
        ? MeshCaller.current()
        : MeshPeer.current();
  }
}
