package io.meshclient.acceptance.envoy;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One Envoy that is the sidecar of many workloads, each with a listener of its own. A connection
 * begins with {@link #preface}.
 */
public final class InboundEnvoy implements AutoCloseable {

  private final Path directory;
  private final InetSocketAddress upstream;
  private final List<Object> listeners = new ArrayList<>();
  private final Map<String, Object> clusters = new LinkedHashMap<>();
  private RunningEnvoy running;

  /**
   * @param directory for its configuration and logs; has cert.pem, key.pem, ca.pem
   * @param upstream where requests that are allowed go
   */
  public InboundEnvoy(Path directory, InetSocketAddress upstream) {
    this.directory = directory;
    this.upstream = upstream;
    clusters.put("workload", workload());
  }

  /** Adds a workload by these tests' own reading of its resources, before the start. */
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

  /** Adds a workload by what {@code mesh export envoy} writes for it, before the start. */
  public void addExported(
      String name,
      String config,
      String mesh,
      String namespace,
      Map<String, String> labels,
      List<Integer> ports)
      throws IOException {
    ExportedInbound exported =
        ExportedInbound.of(
            config,
            mesh,
            namespace,
            labels,
            ports,
            directory.resolve(name),
            directory,
            upstream.getPort());
    listeners.add(exported.listener(name, InboundListener.log(directory.resolve("access.log"))));
    clusters.putAll(exported.clusters());
  }

  public void start() throws IOException, InterruptedException {
    Files.writeString(directory.resolve("envoy.json"), new Gson().toJson(bootstrap()));
    running = RunningEnvoy.start(directory, listeners.size());
  }

  /** Where a workload's listener is. */
  public InetSocketAddress address(String name) {
    return running.address(name);
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
    if (running != null) {
      running.close();
    }
  }

  private Map<String, Object> bootstrap() {
    return Js.object(
        "admin",
        Js.object("address", address("127.0.0.1", 0)),
        "static_resources",
        Js.object("listeners", listeners, "clusters", List.copyOf(clusters.values())));
  }

  private Map<String, Object> workload() {
    Map<String, Object> at = address(upstream.getAddress().getHostAddress(), upstream.getPort());
    Object endpoint = Js.object("endpoint", Js.object("address", at));
    return Js.object(
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
            List.of(Js.object("lb_endpoints", List.of(endpoint)))));
  }

  static Map<String, Object> address(String host, int port) {
    return Js.object("socket_address", Js.object("address", host, "port_value", port));
  }
}
