package io.meshclient.examples;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.meshclient.telemetry.MeshTelemetry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/**
 * {@code GET /metrics}, as Prometheus reads it, on a port of its own: so that it can be scraped in
 * plain text where the service itself takes mutual TLS only.
 */
final class MetricsServer implements AutoCloseable {
  private final HttpServer server;
  private final MeshTelemetry telemetry;

  private MetricsServer(HttpServer server, MeshTelemetry telemetry) {
    this.server = server;
    this.telemetry = telemetry;
  }

  /**
   * @throws IOException if the port is taken
   */
  static MetricsServer start(InetSocketAddress address, MeshTelemetry telemetry)
      throws IOException {
    MetricsServer made = new MetricsServer(HttpServer.create(address, 0), telemetry);
    made.server.createContext("/metrics", made::answer);
    made.server.start();
    return made;
  }

  int port() {
    return server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = telemetry.prometheus().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("content-type", MeshTelemetry.prometheusType());
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
