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
