package io.meshclient.acceptance.spring;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** One version of the service orders: it says which it is, and which headers travelled. */
final class Instance implements AutoCloseable {
  private final HttpServer server;

  private Instance(HttpServer server) {
    this.server = server;
  }

  static Instance start(String version) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String canary = exchange.getRequestHeaders().getFirst("x-canary");
          String id = exchange.getRequestHeaders().getFirst("x-request-id");
          byte[] body = (version + " " + canary + " " + id).getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    return new Instance(server);
  }

  String address() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
