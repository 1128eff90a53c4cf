package io.meshclient.acceptance.security;

import com.google.gson.JsonObject;
import io.meshclient.acceptance.backend.RecordingBackend;
import io.meshclient.acceptance.envoy.InboundEnvoy;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Sends requests through a real Envoy, which has the case's listener already. */
final class EnvoyDriver implements Driver {

  private static final List<Integer> PORTS = List.of(8080, 9090);
  private static final String EXPORTED = "exported-";

  private final InboundEnvoy envoy;
  private final RecordingBackend backend;
  private final WireClient client;
  private final String name;

  EnvoyDriver(InboundEnvoy envoy, RecordingBackend backend, WireClient client, String name) {
    this.envoy = envoy;
    this.backend = backend;
    this.client = client;
    this.name = name;
  }

  /** Has the Envoy listen for a case, before the Envoy's start. */
  static void add(InboundEnvoy envoy, SecurityCase rules) {
    envoy.add(rules.name(), rules.config(), rules.mesh(), rules.namespace(), rules.labels(), PORTS);
  }

  /** The same with a listener that {@code mesh export envoy} writes. */
  static void addExported(InboundEnvoy envoy, SecurityCase rules) throws IOException {
    envoy.addExported(
        EXPORTED + rules.name(),
        rules.config(),
        rules.mesh(),
        rules.namespace(),
        rules.labels(),
        PORTS);
  }

  /** A driver of what {@link #addExported} added. */
  static EnvoyDriver ofExported(
      InboundEnvoy envoy, RecordingBackend backend, WireClient client, SecurityCase rules) {
    return new EnvoyDriver(envoy, backend, client, EXPORTED + rules.name());
  }

  @Override
  public JsonObject send(Outbound request) throws IOException {
    String id = UUID.randomUUID().toString();
    Caller caller = request.caller();
    String preface = InboundEnvoy.preface(caller.sourceAddress(), caller.port());
    Reply reply = client.send(request.withId(id), envoy.address(name), preface);
    JsonObject seen = Recorded.of(reply, backend.take(id));
    seen.addProperty("id", id);
    return seen;
  }

  @Override
  public Set<String> compared() {
    return Set.of("xfcc", "response_headers");
  }

  @Override
  public List<String> problems() {
    return List.of();
  }

  /** Envoy goes on: it is for other cases too. */
  @Override
  public void close() {}
}
