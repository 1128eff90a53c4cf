package io.meshclient.telemetry;

import java.net.URI;
import java.net.URISyntaxException;
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
  /** Exporters fail on what has more milliseconds than an int. */
  private static final Duration LONGEST = Duration.ofDays(1);

  /**
   * @throws IllegalArgumentException if host, port and path are no address
   */
  TracingProvider {
    headers = Map.copyOf(headers);
    timeout = timeout == null || timeout.compareTo(LONGEST) < 0 ? timeout : LONGEST;
    String address = "http://" + host + ":" + port + (httpPath == null ? "" : httpPath);
    try {
      boolean hasPort = host.indexOf(':') >= 0 && !host.startsWith("[");
      if (hasPort || !(host + ":" + port).equals(new URI(address).getRawAuthority())) {
        throw new IllegalArgumentException(
            address + " (expected: a host, one port, and a path that begins with /)");
      }
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(address + " (expected: an address)", e);
    }
  }

  String url() {
    return "http://" + host + ":" + port;
  }
}
