package io.meshclient.context;

import static java.util.Objects.requireNonNull;

import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import io.opentelemetry.context.ImplicitContextKeyed;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When the work that a thread does is no longer wanted. Calls within it end by then: it shortens
 * the times that rules give, and never lengthens one.
 *
 * <pre>{@code
 * try (Scope scope = MeshDeadline.after(Duration.ofMillis(800)).makeCurrent()) {
 *   http.newCall(request).execute();
 * }
 * }</pre>
 *
 * <p>Measured by {@link System#nanoTime}, so that no change of the wall clock moves it. Immutable.
 */
public final class MeshDeadline implements ImplicitContextKeyed {

  /** Envoy's name for what is left, in milliseconds, of the time for a request. */
  public static final String HEADER = "x-envoy-expected-rq-timeout-ms";

  private static final ContextKey<MeshDeadline> KEY = ContextKey.named("io.meshclient.deadline");
  private static final Duration LONGEST = Duration.ofDays(365);

  private final long nanoTime;

  private MeshDeadline(long nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** The deadline this long from now; one that has passed already for zero and less. */
  public static MeshDeadline after(Duration time) {
    requireNonNull(time, "time");
    Duration bounded = time.compareTo(LONGEST) > 0 ? LONGEST : time;
    return new MeshDeadline(System.nanoTime() + (bounded.isNegative() ? 0 : bounded.toNanos()));
  }

  /** The one in {@link Context#current()}, or null if there is none. */
  public static @Nullable MeshDeadline current() {
    return from(Context.current());
  }

  /** The one in {@code context}, or null if there is none. */
  public static @Nullable MeshDeadline from(Context context) {
    return requireNonNull(context, "context").get(KEY);
  }

  /** {@code context} with this in it, unless one in it is earlier. */
  @Override
  public Context storeInContext(Context context) {
    MeshDeadline known = from(context);
    return known != null && known.nanoTime - nanoTime <= 0 ? context : context.with(KEY, this);
  }

  /** What is left; zero once it has passed. */
  public Duration remaining() {
    return Duration.ofNanos(Math.max(0, nanoTime - System.nanoTime()));
  }

  /** Whether nothing is left. */
  public boolean isExpired() {
    return nanoTime - System.nanoTime() <= 0;
  }

  /** When it is, by {@link System#nanoTime}. */
  public long nanoTime() {
    return nanoTime;
  }

  /** The deadline that a header's value tells, or null if it tells none. */
  static @Nullable MeshDeadline parse(@Nullable String millis) {
    if (millis == null || millis.isEmpty() || millis.length() > 10) {
      return null;
    }
    for (int i = 0; i < millis.length(); i++) {
      if (millis.charAt(i) < '0' || millis.charAt(i) > '9') {
        return null;
      }
    }
    long value = Long.parseLong(millis);
    // Envoy sends 0 for a request without a time.
    return value == 0 ? null : after(Duration.ofMillis(value));
  }

  @Override
  public String toString() {
    return "MeshDeadline[" + remaining().toMillis() + " ms left]";
  }
}
