package io.meshclient.acceptance.tracing;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Asks a trace relay for calls, and takes them, as the published harness does. For one thread. */
final class Harness implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 20_000;

  private final List<Map<String, List<String>>> calledBack = new CopyOnWriteArrayList<>();
  private final HttpServer server;

  Harness() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            calledBack.add(Map.copyOf(exchange.getRequestHeaders()));
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, -1);
          }
        });
    server.start();
  }

  /**
   * The headers of the calls that the relay makes.
   *
   * @throws IOException if it does not answer 200
   */
  List<Map<String, List<String>>> ask(InetSocketAddress relay, Wanted wanted) throws IOException {
    calledBack.clear();
    JsonArray calls = new JsonArray();
    for (int i = 0; i < wanted.calls(); i++) {
      JsonObject call = new JsonObject();
      call.addProperty("url", "http://127.0.0.1:" + server.getAddress().getPort() + "/" + i);
      call.add("arguments", new JsonArray());
      calls.add(call);
    }
    String answer = send(relay, wanted.headers(), calls.toString());
    if (!answer.startsWith("HTTP/1.1 200 ")) {
      throw new IOException("the relay answered " + answer);
    }
    return List.copyOf(calledBack);
  }

  /** By a socket, since clients of HTTP would tidy the headers up. */
  private static String send(InetSocketAddress relay, List<String> headers, String body)
      throws IOException {
    try (Socket socket = new Socket(relay.getAddress(), relay.getPort())) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      StringBuilder request = new StringBuilder("POST /test HTTP/1.1\r\nHost: relay\r\n");
      request.append("Connection: close\r\nContent-Type: application/json\r\n");
      for (int i = 0; i < headers.size(); i += 2) {
        request.append(headers.get(i)).append(": ").append(headers.get(i + 1)).append("\r\n");
      }
      request.append("Content-Length: ").append(body.length()).append("\r\n\r\n").append(body);
      OutputStream out = socket.getOutputStream();
      out.write(request.toString().getBytes(StandardCharsets.US_ASCII));
      out.flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
