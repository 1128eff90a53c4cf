package io.meshclient.spring.context;

import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ThreadLocalAccessor;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells Micrometer's context propagation, and by it Reactor, Spring's {@code
 * ContextPropagatingTaskDecorator} and others, of the thread's context.
 *
 * <p>Stateless; safe from any thread.
 */
public final class MeshThreadContextAccessor implements ThreadLocalAccessor<Context> {

  /** The same as in {@link ReactorContexts}, which this one must not need. */
  static final Object KEY = "io.meshclient.context";

  /** For the service loader. */
  public MeshThreadContextAccessor() {}

  /**
   * Moves all other accessors of a registry behind this one. A tracer's accessor opens a scope in
   * the context, and closes it only where nobody has put another context in its place meanwhile.
   */
  static void first(ContextRegistry registry) {
    List<ThreadLocalAccessor<?>> others =
        registry.getThreadLocalAccessors().stream()
            .filter(accessor -> !accessor.key().equals(KEY))
            .toList();
    registry.registerThreadLocalAccessor(new MeshThreadContextAccessor());
    others.forEach(registry::registerThreadLocalAccessor);
  }

  @Override
  public Object key() {
    return KEY;
  }

  @Override
  public @Nullable Context getValue() {
    Context current = Context.current();
    return current == Context.root() ? null : current;
  }

  @Override
  public void setValue(Context value) {
    attach(value);
  }

  @Override
  public void setValue() {
    attach(Context.root());
  }

  @Override
  public void restore(Context previous) {
    attach(previous);
  }

  @Override
  public void restore() {
    attach(Context.root());
  }

  /** The way back is another call of this class; a scope has no place to wait for it. */
  @SuppressWarnings("MustBeClosedChecker")
  private static void attach(Context context) {
    Scope ignored = context.makeCurrent();
  }
}
