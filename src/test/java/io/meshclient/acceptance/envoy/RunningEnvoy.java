package io.meshclient.acceptance.envoy;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** An Envoy as a process of its own, all of whose listeners listen. */
public final class RunningEnvoy implements AutoCloseable {

  private static final int START_SECONDS = 60;
  private static final int STOP_SECONDS = 20;

  private final Process process;
  private final Map<String, InetSocketAddress> listeners = new HashMap<>();

  private RunningEnvoy(Process process) {
    this.process = process;
  }

  /**
   * Starts one and waits for its listeners.
   *
   * @param directory has envoy.json, whose administration is at a free port; gets envoy.log
   * @param listeners how many there are
   * @throws IOException if they do not listen, with what Envoy said
   */
  public static RunningEnvoy start(Path directory, int listeners)
      throws IOException, InterruptedException {
    Path admin = directory.resolve("admin.txt");
    Files.deleteIfExists(admin);
    Path log = directory.resolve("envoy.log");
    RunningEnvoy envoy =
        new RunningEnvoy(
            new ProcessBuilder(
                    EnvoyBinary.find().toString(),
                    "-c",
                    directory.resolve("envoy.json").toString(),
                    "--admin-address-path",
                    admin.toString(),
                    "--use-dynamic-base-id",
                    "--concurrency",
                    "1",
                    "-l",
                    "warning")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start());
    try {
      envoy.awaitListeners(admin, log, listeners);
      return envoy;
    } catch (IOException | InterruptedException | RuntimeException e) {
      envoy.close();
      throw e;
    }
  }

  /** Where a listener is, by its name. */
  public InetSocketAddress address(String listener) {
    return listeners.get(listener);
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private void awaitListeners(Path admin, Path log, int wanted)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(START_SECONDS).toNanos();
    HttpClient http = HttpClient.newHttpClient();
    while (listeners.size() < wanted) {
      if (!process.isAlive() || System.nanoTime() > end) {
        throw new IOException("Envoy does not listen:\n" + Files.readString(log));
      }
      if (process.waitFor(50, TimeUnit.MILLISECONDS) || !Files.exists(admin)) {
        continue;
      }
      String at = Files.readString(admin).strip();
      if (!at.isEmpty()) {
        readListeners(http, at);
      }
    }
  }

  private void readListeners(HttpClient http, String admin)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://" + admin + "/listeners?format=json");
    String body =
        http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString()).body();
    JsonObject all = JsonParser.parseString(body).getAsJsonObject();
    if (!all.has("listener_statuses")) {
      return;
    }
    for (JsonElement each : all.getAsJsonArray("listener_statuses")) {
      JsonObject status = each.getAsJsonObject();
      JsonObject local = status.getAsJsonObject("local_address").getAsJsonObject("socket_address");
      int port = local.get("port_value").getAsInt();
      if (port > 0) {
        listeners.put(
            status.get("name").getAsString(),
            new InetSocketAddress(local.get("address").getAsString(), port));
      }
    }
  }
}
