package io.meshclient.acceptance.conformance;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.meshclient.acceptance.backend.Backends;
import io.meshclient.acceptance.replay.MeshProcess;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** What {@code mesh export envoy} writes for a case, for the pods where they really listen. */
final class EnvoyExport {
  private static final int EXPORT_SECONDS = 60;

  private EnvoyExport() {}

  /** Writes envoy.json into the case's directory, with a listener for each of the ports. */
  static void write(
      ConformanceCase conformanceCase, Set<Integer> ports, Path files, Backends backends)
      throws IOException, InterruptedException {
    Files.createDirectories(files);
    Path exported = files.resolve("exported.json");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-jar", MeshProcess.JAR.toString()));
    command.addAll(List.of("export", "envoy", "--admin", "0", "--output", exported.toString()));
    command.addAll(List.of("--locality", "r1/z1"));
    for (int port : ports) {
      command.addAll(List.of("--listen-plain", port + "=127.0.0.1:0"));
    }
    command.addAll(ProxyDriver.written(conformanceCase, files));
    Path errors = files.resolve("stderr.txt");
    Process export = new ProcessBuilder(command).redirectError(errors.toFile()).start();
    if (!export.waitFor(EXPORT_SECONDS, TimeUnit.SECONDS) || export.exitValue() != 0) {
      export.destroyForcibly();
      throw new IOException("export envoy failed:\n" + Files.readString(errors));
    }
    JsonObject bootstrap = JsonParser.parseString(Files.readString(exported)).getAsJsonObject();
    redirect(bootstrap, backends);
    Files.writeString(files.resolve("envoy.json"), bootstrap.toString());
  }

  /** Endpoints keep their places on hash rings, which are those of their recorded addresses. */
  private static void redirect(JsonObject bootstrap, Backends backends) {
    for (JsonElement cluster :
        bootstrap.getAsJsonObject("static_resources").getAsJsonArray("clusters")) {
      JsonObject assignment = cluster.getAsJsonObject().getAsJsonObject("load_assignment");
      JsonArray groups = assignment == null ? null : assignment.getAsJsonArray("endpoints");
      if (groups == null) {
        continue;
      }
      for (JsonElement group : groups) {
        group
            .getAsJsonObject()
            .getAsJsonArray("lb_endpoints")
            .forEach(endpoint -> redirectEndpoint(endpoint.getAsJsonObject(), backends));
      }
    }
  }

  private static void redirectEndpoint(JsonObject endpoint, Backends backends) {
    JsonObject address =
        endpoint
            .getAsJsonObject("endpoint")
            .getAsJsonObject("address")
            .getAsJsonObject("socket_address");
    String host = address.get("address").getAsString();
    int port = address.get("port_value").getAsInt();
    InetSocketAddress actual = backends.address(new InetSocketAddress(host, port));
    if (actual != null) {
      address.addProperty("address", actual.getAddress().getHostAddress());
      address.addProperty("port_value", actual.getPort());
      JsonObject key = new JsonObject();
      key.addProperty("hash_key", host + ":" + port);
      JsonObject filters = new JsonObject();
      filters.add("envoy.lb", key);
      JsonObject metadata = new JsonObject();
      metadata.add("filter_metadata", filters);
      endpoint.add("metadata", metadata);
    }
  }
}
