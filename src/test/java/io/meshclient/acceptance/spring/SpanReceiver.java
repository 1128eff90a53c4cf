package io.meshclient.acceptance.spring;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Takes spans by OTLP over HTTP. Their protobuf holds texts as they are, which is all it reads. */
final class SpanReceiver implements AutoCloseable {
  private final LinkedBlockingQueue<String> batches = new LinkedBlockingQueue<>();
  private final HttpServer server;

  private SpanReceiver(HttpServer server) {
    this.server = server;
  }

  static SpanReceiver start() throws IOException {
    SpanReceiver receiver =
        new SpanReceiver(
            HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
    receiver.server.createContext(
        "/v1/traces",
        exchange -> {
          try (exchange) {
            byte[] batch = exchange.getRequestBody().readAllBytes();
            receiver.batches.add(new String(batch, StandardCharsets.ISO_8859_1));
            exchange.sendResponseHeaders(200, -1);
          }
        });
    receiver.server.start();
    return receiver;
  }

  /** What has OpenTelemetry send spans here, soon. */
  Map<String, String> variables() {
    return Map.of(
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
        "http://127.0.0.1:" + server.getAddress().getPort() + "/v1/traces",
        "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL",
        "http/protobuf",
        "OTEL_METRICS_EXPORTER",
        "none",
        "OTEL_BSP_SCHEDULE_DELAY",
        "100");
  }

  /** What came until there was this text in it; ends without it after half a minute. */
  String upTo(String text) throws InterruptedException {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    StringBuilder all = new StringBuilder();
    while (all.indexOf(text) < 0) {
      String batch = batches.poll(until - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (batch == null) {
        break;
      }
      all.append(batch);
    }
    return all.toString();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
