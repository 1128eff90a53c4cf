package io.meshclient.server;

import io.meshclient.resilience.RateLimit;
import io.meshclient.resilience.RateLimiter;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The application's limits by path and method. Of those that fit a request the one with the longest
 * path holds, and of equal ones the one with a method. Answers tell by the fields {@code RateLimit}
 * and {@code RateLimit-Policy} (draft-ietf-httpapi-ratelimit-headers-11) where the limit stands;
 * those to refused requests by {@code Retry-After} when to come again.
 *
 * <p>Safe from any thread.
 */
final class RouteLimits implements Guard {

  /**
   * What is limited.
   *
   * @param method {@code null} for all
   */
  record Route(@Nullable String method, String prefix, RateLimit limit) {

    Route {
      if (!prefix.startsWith("/")) {
        throw new IllegalArgumentException(
            "path: \"" + prefix + "\" (expected: a path, such as /api/orders)");
      }
      if (method != null && (method.isEmpty() || !method.chars().allMatch(Route::isTokenChar))) {
        throw new IllegalArgumentException(
            "method: \"" + method + "\" (expected: a method, such as POST)");
      }
    }

    private static boolean isTokenChar(int c) {
      return c > ' ' && c < 127 && c != '"' && c != '\\';
    }

    String name() {
      return method == null ? prefix : method + " " + prefix;
    }

    boolean takes(String itsMethod, String path) {
      return (method == null || method.equals(itsMethod)) && Paths.isBelow(path, prefix);
    }

    /** The more of a request it says, the more. */
    int weight() {
      return 2 * prefix.length() + (method == null ? 0 : 1);
    }
  }

  private record Limited(Route route, RateLimiter limiter, String policy) {}

  private static final int TOO_MANY_REQUESTS = 429;
  private static final double SECOND = Duration.ofSeconds(1).toNanos();

  private final List<Limited> routes;

  /**
   * @param clock monotonic, in nanoseconds
   */
  RouteLimits(List<Route> routes, LongSupplier clock) {
    this.routes =
        routes.stream()
            .map(
                route ->
                    new Limited(
                        route, new RateLimiter(route.name(), route.limit(), clock), policy(route)))
            .toList();
  }

  @Override
  public boolean admits(Inbound request) throws IOException {
    Limited limited = find(request);
    if (limited == null) {
      return true;
    }
    boolean admitted = limited.limiter().tryAcquire();
    long remaining = limited.limiter().remaining();
    long seconds =
        ceil(admitted ? limited.limiter().nanosUntilMore() : limited.limiter().nanosUntilNext());
    request.exchange().addAnswerHeader("RateLimit-Policy", limited.policy());
    request
        .exchange()
        .addAnswerHeader(
            "RateLimit",
            string(limited.route().name()) + ";r=" + (admitted ? remaining : 0) + ";t=" + seconds);
    if (!admitted) {
      request.exchange().setAnswerHeader("Retry-After", Long.toString(seconds));
      request.exchange().setAnswerHeader("Content-Type", "text/plain; charset=utf-8");
      request
          .exchange()
          .answer(TOO_MANY_REQUESTS, "Too many requests, try again in " + seconds + " s\n");
    }
    return admitted;
  }

  private @Nullable Limited find(Inbound request) {
    Limited best = null;
    for (Limited limited : routes) {
      if (limited.route().takes(request.method(), request.path())
          && (best == null || limited.route().weight() > best.route().weight())) {
        best = limited;
      }
    }
    return best;
  }

  /**
   * The quota of the bucket, and the time in which it is filled; of one that is filled in less than
   * a second, what comes in within a second: shorter windows cannot be told.
   */
  private static String policy(Route route) {
    RateLimit limit = route.limit();
    double perNano = (double) limit.tokens() / limit.interval().toNanos();
    long window = Math.max(1, (long) Math.ceil(limit.burst() / perNano / SECOND));
    long quota = Math.max(limit.burst(), (long) (window * SECOND * perNano));
    return string(route.name()) + ";q=" + quota + ";w=" + window;
  }

  /** A String of RFC 9651. */
  private static String string(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\');
      }
      quoted.append(c >= ' ' && c < 127 ? c : '?');
    }
    return quoted.append('"').toString();
  }

  /** In seconds, rounded up, since a client that comes early is refused again. */
  private static long ceil(long nanos) {
    return Math.max(1, (long) Math.ceil(nanos / SECOND));
  }
}
