package io.meshclient.context;

import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/**
 * The process's OpenTelemetry, if somebody has set it up.
 *
 * <p>{@code GlobalOpenTelemetry.get()} would settle the global instance for good, before the
 * application sets it. {@code getOrNoop()} does not, but Spring Boot 3.5 brings an API older than
 * it.
 */
public final class GlobalTelemetry {
  private static final String AGENT = "io.opentelemetry.javaagent.OpenTelemetryAgent";
  private static final @Nullable MethodHandle GET_OR_NOOP = getOrNoop();

  private GlobalTelemetry() {}

  /** The global instance; one that does nothing as long as there is none. */
  public static OpenTelemetry orNoop() {
    if (GET_OR_NOOP == null) {
      return hasAgent() ? GlobalOpenTelemetry.get() : OpenTelemetry.noop();
    }
    try {
      return (OpenTelemetry) GET_OR_NOOP.invokeExact();
    } catch (Throwable e) {
      throw new IllegalStateException("GlobalOpenTelemetry.getOrNoop", e);
    }
  }

  private static @Nullable MethodHandle getOrNoop() {
    try {
      return MethodHandles.publicLookup()
          .findStatic(
              GlobalOpenTelemetry.class, "getOrNoop", MethodType.methodType(OpenTelemetry.class));
    } catch (NoSuchMethodException | IllegalAccessException e) {
      return null;
    }
  }

  /** An agent has set the global instance before any class of the application was there. */
  private static boolean hasAgent() {
    try {
      Class.forName(AGENT, false, ClassLoader.getSystemClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }
}
