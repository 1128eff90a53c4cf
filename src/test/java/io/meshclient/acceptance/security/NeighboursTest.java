package io.meshclient.acceptance.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.meshclient.acceptance.backend.RecordingBackend;
import io.meshclient.acceptance.envoy.EnvoyBinary;
import io.meshclient.acceptance.envoy.InboundEnvoy;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Cases that nobody recorded: random policies and requests that nearly match them, decided by a
 * real Envoy and by the library's policies.
 *
 * <p>{@code -Dconformance.neighbours=CASES} makes more of them, {@code
 * -Dconformance.neighbours.seed=SEED} others.
 */
@Tag("envoy")
@EnabledOnOs(OS.LINUX)
class NeighboursTest {

  private static final int CASES = Integer.getInteger("conformance.neighbours", 60);
  private static final long SEED = Long.getLong("conformance.neighbours.seed", 7);
  private static final int REQUESTS = 8;
  private static final Path DIFFERENCES = Path.of("target", "conformance", "neighbours.txt");

  private static final List<String> MESHES =
      List.of(
          "",
          "",
          "pathNormalization: {normalization: NONE}",
          "pathNormalization: {normalization: MERGE_SLASHES}",
          "pathNormalization: {normalization: DECODE_AND_MERGE_SLASHES}",
          "trustDomainAliases: [old.local]",
          "trustDomain: corp.test\ntrustDomainAliases: [old.local, cluster.local]",
          "trustDomain: corp.test");

  private record Neighbour(SecurityCase rules, List<Outbound> requests) {}

  private record Asked(Neighbour neighbour, Outbound request, JsonObject envoy, JsonObject own) {}

  @TempDir Path directory;

  @Test
  void neighbours_areDecidedAsByEnvoy() throws IOException, InterruptedException {
    EnvoyBinary.find();
    TestPki pki = new TestPki();
    pki.writeWorkload(directory);
    List<Neighbour> neighbours = neighbours();
    List<Asked> asked = new ArrayList<>();
    InboundEnvoy envoy;
    try (RecordingBackend backend = RecordingBackend.start();
        InboundEnvoy running = new InboundEnvoy(directory, backend.address())) {
      envoy = running;
      for (Neighbour each : neighbours) {
        SecurityCase rules = each.rules();
        running.add(
            rules.name(),
            rules.config(),
            rules.mesh(),
            rules.namespace(),
            rules.labels(),
            List.of(8080, 9090));
      }
      running.start();
      for (Neighbour each : neighbours) {
        ask(each, running, backend, new WireClient(pki), asked);
      }
    }
    Map<String, JsonObject> log = envoy.accessLog();
    List<String> differences =
        asked.stream().map(each -> difference(each, log)).filter(Objects::nonNull).toList();
    System.out.printf(
        "neighbours: %d requests of %d cases, %d allowed by Envoy, %d decided otherwise%n",
        asked.size(),
        neighbours.size(),
        asked.stream().filter(each -> each.envoy().has("upstream")).count(),
        differences.size());
    Files.createDirectories(DIFFERENCES.getParent());
    Files.write(DIFFERENCES, differences);
    assertThat(differences).as("see %s", DIFFERENCES).isEmpty();
  }

  private static List<Neighbour> neighbours() {
    Draw draw = new Draw(SEED);
    NeighbourTokens tokens = new NeighbourTokens();
    List<Neighbour> neighbours = new ArrayList<>();
    for (int i = 0; i < CASES; i++) {
      boolean authenticated = draw.chance(0.4);
      List<Object> resources = new NeighbourPolicies(draw).policies();
      if (authenticated) {
        resources.add(tokens.authentication(draw));
      }
      Gson gson = new Gson();
      SecurityCase rules =
          new SecurityCase(
              "neighbour-" + i,
              "",
              resources.stream().map(gson::toJson).collect(Collectors.joining("\n---\n")),
              draw.of(MESHES),
              "production",
              Map.of("app", "payment-service"),
              List.of());
      NeighbourRequests requests = new NeighbourRequests(draw, tokens);
      List<Outbound> all = new ArrayList<>();
      for (int r = 0; r < REQUESTS; r++) {
        all.add(requests.request(authenticated));
      }
      neighbours.add(new Neighbour(rules, all));
    }
    return neighbours;
  }

  private static void ask(
      Neighbour each,
      InboundEnvoy envoy,
      RecordingBackend backend,
      WireClient client,
      List<Asked> asked)
      throws IOException {
    try (Driver real = new EnvoyDriver(envoy, backend, client, each.rules().name());
        Driver own = InProcessDriver.open(each.rules())) {
      for (Outbound request : each.requests()) {
        try {
          asked.add(new Asked(each, request, real.send(request), own.send(request)));
        } catch (SocketTimeoutException e) {
          throw new IOException(request.text(), e);
        }
      }
    }
  }

  /** What Envoy and the library say differently, with all that is needed to see why; or null. */
  private static String difference(Asked asked, Map<String, JsonObject> log) {
    JsonObject envoy = asked.envoy();
    JsonObject own = asked.own();
    List<String> differ = new ArrayList<>();
    JsonObject entry = log.get(envoy.get("id").getAsString());
    if (entry == null && envoy.get("status").getAsString().equals("400")) {
      return null; // No HTTP to Envoy's ears: nothing has been decided.
    }
    for (String key : List.of("status", "body", "upstream", "response_headers")) {
      if (!Objects.equals(envoy.get(key), own.get(key))) {
        differ.add(key + ": " + own.get(key) + " (Envoy: " + envoy.get(key) + ")");
      }
    }
    if (entry != null && differ.isEmpty()) {
      compareReasons(entry, own, differ);
    }
    if (differ.isEmpty()) {
      return null;
    }
    return String.join("\n", differ)
        + "\nreasons: "
        + own.get("reasons")
        + "\nenvoy: "
        + entry
        + "\nmesh: "
        + asked.neighbour().rules().mesh()
        + "\n"
        + asked.neighbour().rules().config()
        + "\n"
        + asked.request().caller()
        + "\n"
        + asked.request().text();
  }

  private static void compareReasons(JsonObject entry, JsonObject own, List<String> differ) {
    boolean audited = entry.get("audit").equals(new JsonPrimitive(true));
    if (audited != own.get("audit").getAsBoolean()) {
      differ.add("audit: " + own.get("audit") + " (Envoy: " + audited + ")");
    }
    JsonElement details = entry.get("details");
    boolean local = !details.getAsString().equals("via_upstream");
    if (local && !details.equals(own.get("details"))) {
      differ.add("details: " + own.get("details") + " (Envoy: " + details + ")");
    }
    if (entry.get("rbac") instanceof JsonObject rbac && !local) {
      JsonElement rule = rbac.get("enforced_effective_policy_id");
      if (!Objects.equals(
          rule == null ? JsonNull.INSTANCE : rule,
          own.has("policy") ? own.get("policy") : JsonNull.INSTANCE)) {
        differ.add("policy: " + own.get("policy") + " (Envoy: " + rule + ")");
      }
    }
  }
}
