package io.meshclient;

import java.util.ArrayList;
import java.util.List;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * What the mesh's proxies tell of a call in the headers of its answer. By Envoy's documentation of
 * the router's headers; Linkerd tells errors only.
 *
 * @param server the {@code server} header; empty for none
 * @param attempts how many requests the proxy sent on, {@code x-envoy-attempt-count}; 0 where it
 *     does not tell
 * @param upstreamMillis how long the destination took, {@code x-envoy-upstream-service-time}; -1
 *     where the proxy does not tell
 * @param overloaded whether a limit of the proxy's own refused it, {@code x-envoy-overloaded}
 * @param flags response flags, where the mesh was made to tell them in {@code
 *     x-envoy-response-flags}; empty for none
 * @param error {@code l5d-proxy-error}; empty for none
 * @param own whether an Envoy answered by itself, and no destination did
 */
public record ProxyReport(
    String server,
    int attempts,
    long upstreamMillis,
    boolean overloaded,
    String flags,
    String error,
    boolean own) {

  static final String UPSTREAM_TIME = "x-envoy-upstream-service-time";

  /** {@code null} where no proxy left a word. */
  static @Nullable ProxyReport of(Response response) {
    String server = header(response, "server");
    boolean envoy = server.equals("envoy") || server.equals("istio-envoy");
    long upstream = number(response.header(UPSTREAM_TIME), -1);
    int attempts = (int) Math.min(Integer.MAX_VALUE, attempts(response));
    boolean overloaded = response.header("x-envoy-overloaded") != null;
    String flags = header(response, "x-envoy-response-flags");
    String error = header(response, "l5d-proxy-error");
    return envoy
            || upstream >= 0
            || attempts > 0
            || overloaded
            || !flags.isEmpty()
            || !error.isEmpty()
        ? new ProxyReport(
            server, attempts, upstream, overloaded, flags, error, envoy && upstream < 0)
        : null;
  }

  private static long attempts(Response response) {
    return number(response.header("x-envoy-attempt-count"), 0);
  }

  private static String header(Response response, String name) {
    String value = response.header(name);
    return value == null ? "" : value;
  }

  private static long number(@Nullable String text, long otherwise) {
    try {
      return text == null ? otherwise : Math.max(0, Long.parseLong(text.strip()));
    } catch (NumberFormatException e) {
      return otherwise;
    }
  }

  /** {@code envoy, 4 tries, 12 ms upstream}. */
  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    parts.add(server.isEmpty() ? "proxy" : server);
    if (own) {
      parts.add("answered by itself");
    }
    if (attempts > 0) {
      parts.add(attempts == 1 ? "1 try" : attempts + " tries");
    }
    if (upstreamMillis >= 0) {
      parts.add(upstreamMillis + " ms upstream");
    }
    if (overloaded) {
      parts.add("overloaded");
    }
    if (!flags.isEmpty()) {
      parts.add(ResponseFlags.inWords(flags));
    }
    if (!error.isEmpty()) {
      parts.add(error);
    }
    return String.join(", ", parts);
  }
}
