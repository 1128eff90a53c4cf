package io.meshclient;

import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import okhttp3.Headers;
import okhttp3.Response;

/**
 * Takes off the headers that steer an Envoy. A sidecar takes an application's requests for external
 * ones, since they have no address in x-forwarded-for: it drops these headers before anything looks
 * at them, and none has an effect.
 */
final class ControlHeadersStage implements Stage {
  private static final String PREFIX = "x-envoy-";

  private static final Set<String> NAMES =
      Set.of(
          "x-envoy-expected-rq-timeout-ms",
          "x-envoy-force-trace",
          "x-envoy-hedge-on-per-try-timeout",
          "x-envoy-internal",
          "x-envoy-ip-tags",
          "x-envoy-max-retries",
          "x-envoy-original-url",
          "x-envoy-retriable-header-names",
          "x-envoy-retriable-status-codes",
          "x-envoy-retry-grpc-on",
          "x-envoy-retry-on",
          "x-envoy-upstream-alt-stat-name",
          "x-envoy-upstream-rq-per-try-timeout-ms",
          "x-envoy-upstream-rq-timeout-alt-response",
          "x-envoy-upstream-rq-timeout-ms");

  @Override
  public Response run(MeshCall call, Next next) throws IOException {
    Headers headers = call.request.headers();
    Headers.Builder kept = null;
    for (int i = 0; i < headers.size(); i++) {
      String name = headers.name(i);
      if (name.regionMatches(true, 0, PREFIX, 0, PREFIX.length())
          && NAMES.contains(name.toLowerCase(Locale.ROOT))) {
        kept = (kept == null ? headers.newBuilder() : kept).removeAll(name);
      }
    }
    if (kept != null) {
      call.request(call.request.newBuilder().headers(kept.build()).build());
    }
    return next.proceed();
  }
}
