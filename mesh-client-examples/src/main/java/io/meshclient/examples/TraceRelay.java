package io.meshclient.examples;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.meshclient.MeshClient;
import io.meshclient.server.MeshHttpFilter;
import io.meshclient.telemetry.MeshTelemetry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Speaks the contract of the <a href="https://github.com/w3c/trace-context/tree/main/test">test
 * harness of W3C Trace Context</a>: a POST of {@code [{"url": ..., "arguments": [...]}, ...]} has
 * each element's {@code arguments} posted to its {@code url}, within the context of the request
 * that came in. Any path will do.
 */
public final class TraceRelay implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(TraceRelay.class);
  private static final MediaType JSON = MediaType.get("application/json");
  private static final int MOST_BYTES = 1 << 20;
  private static final int THREADS = 16;

  private final MeshTelemetry telemetry;
  private final MeshClient mesh;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

  private TraceRelay(Settings settings) throws IOException {
    telemetry = settings.telemetry();
    mesh = settings.meshClient();
    server = HttpServer.create(settings.address(), 0);
    server.setExecutor(threads);
    server
        .createContext("/", this::handle)
        .getFilters()
        .add(
            MeshHttpFilter.builder()
                .policy(settings.propagation())
                .telemetry(mesh.telemetry())
                .build());
  }

  public static void main(String[] args) throws IOException {
    TraceRelay relay = start(Settings.of("trace-relay", System.getenv()));
    Runtime.getRuntime().addShutdownHook(new Thread(relay::close, "shutdown"));
    System.out.println("trace-relay listening on port " + relay.port());
  }

  static TraceRelay start(Settings settings) throws IOException {
    TraceRelay relay = new TraceRelay(settings);
    relay.server.start();
    return relay;
  }

  /** For tests: by an environment of these variables alone. */
  static TraceRelay start(Map<String, String> variables) throws IOException {
    return start(Settings.of("trace-relay", variables));
  }

  int port() {
    return server.getAddress().getPort();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readNBytes(MOST_BYTES);
      Reply reply = relay(exchange.getRequestMethod(), new String(body, StandardCharsets.UTF_8));
      byte[] answer = reply.body().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("content-type", reply.type());
      exchange.sendResponseHeaders(reply.status(), answer.length);
      exchange.getResponseBody().write(answer);
    }
  }

  private Reply relay(String method, String body) {
    if (!method.equals("POST")) {
      return Reply.notAllowed(method);
    }
    JsonArray calls;
    try {
      calls = JsonParser.parseString(body).getAsJsonArray();
      for (JsonElement call : calls) {
        checked(call);
      }
    } catch (JsonParseException | IllegalStateException | IllegalArgumentException e) {
      return Reply.error(
          400, e.getMessage() + " (expected: [{\"url\": ..., \"arguments\": [...]}])");
    }
    JsonArray answers = new JsonArray();
    for (JsonElement call : calls) {
      answers.add(post(call.getAsJsonObject()));
    }
    return Reply.json(200, answers);
  }

  private static void checked(JsonElement call) {
    JsonElement url = call.getAsJsonObject().get("url");
    if (url == null || HttpUrl.parse(url.getAsString()) == null) {
      throw new IllegalArgumentException("url: " + url);
    }
  }

  private JsonObject post(JsonObject call) {
    String url = call.get("url").getAsString();
    JsonElement arguments = call.has("arguments") ? call.get("arguments") : new JsonArray();
    Request request =
        new Request.Builder().url(url).post(RequestBody.create(arguments.toString(), JSON)).build();
    JsonObject answer = new JsonObject();
    answer.addProperty("url", url);
    try (Response response = mesh.okHttpClient().newCall(request).execute()) {
      answer.addProperty("status", response.code());
      answer.addProperty("body", response.body().string());
    } catch (IOException e) {
      log.warn("Not relayed: {}", url, e);
      answer.addProperty("error", e.toString());
    }
    return answer;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    mesh.close();
    telemetry.close();
  }
}
