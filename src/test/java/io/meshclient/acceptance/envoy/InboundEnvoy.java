package io.meshclient.acceptance.envoy;

import com.google.gson.Gson;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One Envoy that is the sidecar of many workloads, each with a listener of its own. A connection
 * begins with {@link #preface}.
 */
public final class InboundEnvoy implements AutoCloseable {

  private static final int START_SECONDS = 60;
  private static final int STOP_SECONDS = 20;

  private final Path directory;
  private final InetSocketAddress upstream;
  private final List<Object> listeners = new ArrayList<>();
  private final Map<String, InetSocketAddress> addresses = new HashMap<>();
  private Process process;

  /**
   * @param directory for its configuration and logs; has cert.pem, key.pem, ca.pem
   * @param upstream where requests that are allowed go
   */
  public InboundEnvoy(Path directory, InetSocketAddress upstream) {
    this.directory = directory;
    this.upstream = upstream;
  }

  /** Adds a workload, before the start. */
  public void add(
      String name,
      String config,
      String mesh,
      String namespace,
      Map<String, String> labels,
      List<Integer> ports) {
    AppliedResources resources = AppliedResources.read(config, mesh, namespace, labels);
    listeners.add(
        new InboundListener(resources, directory, directory.resolve("access.log"))
            .json(name, ports));
  }

  public void start() throws IOException, InterruptedException {
    Path admin = directory.resolve("admin.txt");
    Path config = directory.resolve("envoy.json");
    Files.deleteIfExists(admin);
    Files.writeString(config, new Gson().toJson(bootstrap()));
    Path errors = directory.resolve("envoy.log");
    process =
        new ProcessBuilder(
                EnvoyBinary.find().toString(),
                "-c",
                config.toString(),
                "--admin-address-path",
                admin.toString(),
                "--use-dynamic-base-id",
                "--concurrency",
                "1",
                "-l",
                "warning")
            .redirectErrorStream(true)
            .redirectOutput(errors.toFile())
            .start();
    awaitListeners(admin, errors);
  }

  /** Where a workload's listener is. */
  public InetSocketAddress address(String name) {
    return addresses.get(name);
  }

  /** What a connection begins with, so that it counts as one to the workload's port. */
  public static String preface(String source, int port) {
    return "PROXY TCP4 %s 127.2.1.1 40000 %d\r\n".formatted(source, port);
  }

  /** The access log by {@code x-test-id}; whole after {@link #close}. */
  public Map<String, JsonObject> accessLog() throws IOException {
    Map<String, JsonObject> byId = new HashMap<>();
    for (String line : Files.readAllLines(directory.resolve("access.log"))) {
      JsonObject entry = JsonParser.parseString(line).getAsJsonObject();
      if (entry.has("id") && !entry.get("id").isJsonNull()) {
        byId.put(entry.get("id").getAsString(), entry);
      }
    }
    return byId;
  }

  @Override
  public void close() {
    if (process == null) {
      return;
    }
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

  private Map<String, Object> bootstrap() {
    return Js.object(
        "admin",
        Js.object("address", address("127.0.0.1", 0)),
        "static_resources",
        Js.object(
            "listeners",
            listeners,
            "clusters",
            List.of(
                Js.object(
                    "name",
                    "workload",
                    "type",
                    "STATIC",
                    "connect_timeout",
                    "5s",
                    "load_assignment",
                    Js.object(
                        "cluster_name",
                        "workload",
                        "endpoints",
                        List.of(
                            Js.object(
                                "lb_endpoints",
                                List.of(
                                    Js.object(
                                        "endpoint",
                                        Js.object(
                                            "address",
                                            address(
                                                upstream.getAddress().getHostAddress(),
                                                upstream.getPort())))))))))));
  }

  private static Map<String, Object> address(String host, int port) {
    return Js.object("socket_address", Js.object("address", host, "port_value", port));
  }

  private void awaitListeners(Path admin, Path errors) throws IOException, InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(START_SECONDS).toNanos();
    HttpClient http = HttpClient.newHttpClient();
    while (addresses.size() < listeners.size()) {
      if (!process.isAlive() || System.nanoTime() > end) {
        throw new IOException("Envoy does not listen:\n" + Files.readString(errors));
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
        addresses.put(
            status.get("name").getAsString(),
            new InetSocketAddress(local.get("address").getAsString(), port));
      }
    }
  }
}
