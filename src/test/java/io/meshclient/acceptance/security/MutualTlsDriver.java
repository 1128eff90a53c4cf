package io.meshclient.acceptance.security;

import com.google.gson.JsonObject;
import io.meshclient.acceptance.backend.RecordingBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Sends requests by mutual TLS or in plaintext, as the case says, through {@code mesh proxy
 * inbound}: one for each port of the workload that is asked for.
 */
final class MutualTlsDriver implements Driver {

  /** What all cases have in common. */
  record Surroundings(Path certificates, RecordingBackend backend, WireClient client) {}

  private final Surroundings surroundings;
  private final RunningProxy.Starter starter;
  private final List<String> options;
  private final Map<Integer, RunningProxy> proxies = new LinkedHashMap<>();

  private MutualTlsDriver(
      Surroundings surroundings, RunningProxy.Starter starter, List<String> options) {
    this.surroundings = surroundings;
    this.starter = starter;
    this.options = options;
  }

  /**
   * A driver of a case.
   *
   * @param files gets the case's configuration
   */
  static MutualTlsDriver open(
      SecurityCase securityCase,
      Surroundings surroundings,
      Path files,
      RunningProxy.Starter starter)
      throws IOException {
    Files.createDirectories(files);
    return new MutualTlsDriver(surroundings, starter, options(securityCase, surroundings, files));
  }

  private static List<String> options(
      SecurityCase securityCase, Surroundings surroundings, Path files) throws IOException {
    List<String> options = new ArrayList<>();
    int upstream = surroundings.backend().address().getPort();
    options.addAll(List.of("--upstream", "http://127.0.0.1:" + upstream));
    options.addAll(List.of("--config", written(files, "case.yaml", securityCase.config())));
    if (!securityCase.mesh().isEmpty()) {
      options.addAll(List.of("--mesh-config", written(files, "mesh.yaml", securityCase.mesh())));
    }
    options.addAll(List.of("--namespace", securityCase.namespace(), "--labels"));
    options.add(
        securityCase.labels().entrySet().stream()
            .map(label -> label.getKey() + "=" + label.getValue())
            .collect(Collectors.joining(",")));
    for (String kind : List.of("cert", "key", "ca")) {
      options.add("--" + kind);
      options.add(surroundings.certificates().resolve(kind + ".pem").toString());
    }
    return options;
  }

  private static String written(Path files, String name, String text) throws IOException {
    return Files.writeString(files.resolve(name), text).toString();
  }

  @Override
  public JsonObject send(Outbound request) throws IOException {
    int port = request.caller().port();
    RunningProxy proxy = proxies.get(port);
    if (proxy == null) {
      proxy = starter.start(port, options);
      proxies.put(port, proxy);
    }
    String id = UUID.randomUUID().toString();
    Reply reply = surroundings.client().send(request.withId(id), proxy.address());
    return Recorded.of(reply, surroundings.backend().take(id));
  }

  @Override
  public Set<String> compared() {
    return Set.of("xfcc", "response_headers");
  }

  @Override
  public List<String> problems() {
    return List.of();
  }

  @Override
  public void close() {
    proxies.values().forEach(RunningProxy::close);
  }
}
