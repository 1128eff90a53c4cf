package io.meshclient.spring.context;

import io.opentelemetry.context.Context;
import org.jspecify.annotations.Nullable;
import reactor.util.context.ContextView;

/** Where a request's context is in Reactor's, while no thread has it. */
public final class ReactorContexts {
  private static final Object KEY = "io.meshclient.context";

  private ReactorContexts() {}

  /** The key, which Micrometer's context propagation knows, too. */
  public static Object key() {
    return KEY;
  }

  /** The context that a subscription belongs to; {@code null} if it belongs to none. */
  public static @Nullable Context of(ContextView view) {
    return view.<@Nullable Context>getOrDefault(KEY, null);
  }

  /** A subscription's context with this one in it. */
  public static reactor.util.context.Context with(
      reactor.util.context.Context view, Context context) {
    return view.put(KEY, context);
  }
}
