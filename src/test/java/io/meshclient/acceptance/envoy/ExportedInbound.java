package io.meshclient.acceptance.envoy;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.meshclient.cli.export.ExportCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;

/** The inbound side of a workload as {@code mesh export envoy} writes it. */
final class ExportedInbound {

  private static final String LISTENER = "virtualInbound";
  private static final String MANAGER = "envoy.filters.network.http_connection_manager";
  private static final Gson GSON = new Gson();

  private final JsonObject bootstrap;

  private ExportedInbound(JsonObject bootstrap) {
    this.bootstrap = bootstrap;
  }

  /**
   * Runs the command, in this process.
   *
   * @param files gets the workload's configuration, and exported.json
   * @param certificates the directory of cert.pem, key.pem, ca.pem
   * @param upstream the application's port
   */
  static ExportedInbound of(
      String config,
      String mesh,
      String namespace,
      Map<String, String> labels,
      List<Integer> ports,
      Path files,
      Path certificates,
      int upstream)
      throws IOException {
    Files.createDirectories(files);
    Path exported = files.resolve("exported.json");
    List<String> arguments = new ArrayList<>(List.of("envoy", "--output", exported.toString()));
    arguments.addAll(List.of("--admin", "0", "--outbound-port", "0"));
    arguments.addAll(List.of("--readiness", "0", "--agent", "0", "--metrics", "0"));
    arguments.addAll(List.of("--certs", renamed(certificates).toString()));
    arguments.addAll(List.of("--upstream-port", Integer.toString(upstream), "--inbound"));
    arguments.add(ports.stream().map(String::valueOf).collect(Collectors.joining(",")));
    arguments.addAll(List.of("--namespace", namespace, "--labels"));
    arguments.add(
        labels.entrySet().stream()
            .map(label -> label.getKey() + "=" + label.getValue())
            .collect(Collectors.joining(",")));
    arguments.addAll(List.of("--config", written(files, "case.yaml", config)));
    if (!mesh.isEmpty()) {
      arguments.addAll(List.of("--mesh-config", written(files, "mesh.yaml", mesh)));
    }
    run(arguments);
    return new ExportedInbound(
        JsonParser.parseString(Files.readString(exported)).getAsJsonObject());
  }

  /**
   * The listener on a free port of the loopback interface, which learns by the PROXY protocol where
   * a connection was meant to go. Nothing else of it is changed; an access log is added.
   */
  Map<?, ?> listener(String name, Map<String, Object> accessLog) throws IOException {
    for (JsonElement each : resources("listeners")) {
      JsonObject listener = each.getAsJsonObject();
      if (listener.get("name").getAsString().equals(LISTENER)) {
        listener.addProperty("name", name);
        listener.add("address", json(InboundEnvoy.address("127.0.0.1", 0)));
        listener.getAsJsonArray("listener_filters").set(0, json(InboundListener.proxyProtocol()));
        listener
            .getAsJsonArray("filter_chains")
            .forEach(chain -> addLog(chain.getAsJsonObject(), accessLog));
        return GSON.fromJson(listener, Map.class);
      }
    }
    throw new IOException("no listener " + LISTENER + " in " + bootstrap);
  }

  /** The clusters by their names. */
  Map<String, JsonObject> clusters() {
    return resources("clusters").asList().stream()
        .map(JsonElement::getAsJsonObject)
        .collect(Collectors.toMap(cluster -> cluster.get("name").getAsString(), c -> c));
  }

  private JsonArray resources(String kind) {
    return bootstrap.getAsJsonObject("static_resources").getAsJsonArray(kind);
  }

  private static void addLog(JsonObject chain, Map<String, Object> accessLog) {
    for (JsonElement each : chain.getAsJsonArray("filters")) {
      JsonObject filter = each.getAsJsonObject();
      if (filter.get("name").getAsString().equals(MANAGER)) {
        filter.getAsJsonObject("typed_config").add("access_log", json(List.of(accessLog)));
      }
    }
  }

  private static JsonElement json(Object value) {
    return GSON.toJsonTree(value);
  }

  private static void run(List<String> arguments) throws IOException {
    StringWriter errors = new StringWriter();
    int status =
        new CommandLine(ExportCommand.class)
            .setErr(new PrintWriter(errors))
            .execute(arguments.toArray(String[]::new));
    if (status != 0) {
      throw new IOException("export of " + arguments + " ended with " + status + ": " + errors);
    }
  }

  private static String written(Path files, String name, String text) throws IOException {
    return Files.writeString(files.resolve(name), text).toString();
  }

  /** The same certificates by the names that the command reads them by. */
  private static Path renamed(Path certificates) throws IOException {
    Path directory = Files.createDirectories(certificates.resolve("certs"));
    Map<String, String> names =
        Map.of("cert.pem", "cert-chain.pem", "key.pem", "key.pem", "ca.pem", "root-cert.pem");
    for (Map.Entry<String, String> name : names.entrySet()) {
      Path to = directory.resolve(name.getValue());
      if (!Files.exists(to)) {
        Files.copy(certificates.resolve(name.getKey()), to);
      }
    }
    return directory;
  }
}
