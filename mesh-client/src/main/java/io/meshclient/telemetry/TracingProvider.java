package io.meshclient.telemetry;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where traces go by OTLP: an {@code opentelemetry} entry of MeshConfig's {@code
 * extensionProviders}.
 *
 * @param httpPath for OTLP over HTTP; {@code null} for gRPC
 * @param headers of each request to it
 * @param timeout {@code null} for the exporter's own
 */
record TracingProvider(
    String host,
    int port,
    @Nullable String httpPath,
    Map<String, String> headers,
    @Nullable Duration timeout) {

  TracingProvider {
    headers = Map.copyOf(headers);
  }

  String url() {
    return "http://" + host + ":" + port;
  }
}
