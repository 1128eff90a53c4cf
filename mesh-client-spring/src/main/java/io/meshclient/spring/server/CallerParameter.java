package io.meshclient.spring.server;

import io.meshclient.server.MeshCaller;
import java.lang.annotation.Annotation;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.core.MethodParameter;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.method.HandlerMethod;

/**
 * A parameter {@link MeshCaller} of a controller's method on WebFlux, which reads as if it were
 * annotated with {@link RequestAttribute}. A caller is a Principal, and WebFlux asks the exchange
 * for those before it asks resolvers of others: behind Spring Security it would get an
 * Authentication, and the call would fail. Annotations are asked first of all.
 */
final class CallerParameter extends MethodParameter {
  private static final RequestAttribute ATTRIBUTE =
      AnnotationUtils.synthesizeAnnotation(
          Map.of("name", MeshWebFilter.CALLER, "required", false), RequestAttribute.class, null);

  private CallerParameter(MethodParameter original) {
    super(original);
  }

  /** Replaces the parameters that are callers. All invocations of the method share them. */
  static void putInto(HandlerMethod method) {
    MethodParameter[] parameters = method.getMethodParameters();
    for (int i = 0; i < parameters.length; i++) {
      if (parameters[i].getParameterType() == MeshCaller.class) {
        parameters[i] = new CallerParameter(parameters[i]);
      }
    }
  }

  @Override
  public Annotation[] getParameterAnnotations() {
    Annotation[] own = super.getParameterAnnotations();
    Annotation[] all = Arrays.copyOf(own, own.length + 1);
    all[own.length] = ATTRIBUTE;
    return all;
  }

  @Override
  public MethodParameter clone() {
    return new CallerParameter(this);
  }

  /** The annotation is a proxy, as none that is written down. */
  static final class Hints implements RuntimeHintsRegistrar {

    @Override
    public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
      hints.proxies().registerJdkProxy(RequestAttribute.class);
    }
  }
}
