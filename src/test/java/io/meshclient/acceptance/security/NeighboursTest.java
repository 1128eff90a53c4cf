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
import io.meshclient.acceptance.security.MutualTlsDriver.Surroundings;
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
  private static final Path DIFFERENCES = Path.of("target", "conformance", "neighbours");

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
    compare("neighbours", CASES, (pki, backend, envoy) -> InProcessDriver::open);
  }

  @Test
  void neighbours_areDecidedByExportedEnvoysAsByEnvoy() throws IOException, InterruptedException {
    compare(
        "neighbours by exported Envoys",
        CASES,
        new Own() {
          @Override
          public void prepare(InboundEnvoy envoy, SecurityCase rules) throws IOException {
            EnvoyDriver.addExported(envoy, rules);
          }

          @Override
          public Driver.Factory drivers(TestPki pki, RecordingBackend backend, InboundEnvoy envoy) {
            WireClient client = new WireClient(pki);
            return rules -> EnvoyDriver.ofExported(envoy, backend, client, rules);
          }
        });
  }

  @Test
  void neighbours_areAnsweredByTheProxyAsByEnvoy() throws IOException, InterruptedException {
    compare(
        "neighbours by mutual TLS",
        Math.max(1, CASES / 4),
        (pki, backend, envoy) -> {
          Surroundings surroundings = new Surroundings(directory, backend, new WireClient(pki));
          return rules ->
              MutualTlsDriver.open(
                  rules,
                  surroundings,
                  directory.resolve(rules.name()),
                  MutualTlsConformanceTest::embedded);
        });
  }

  /** How what is compared with Envoy is asked. */
  private interface Own {
    Driver.Factory drivers(TestPki pki, RecordingBackend backend, InboundEnvoy envoy);

    /** Called with each case before Envoy's start. */
    default void prepare(InboundEnvoy envoy, SecurityCase rules) throws IOException {}
  }

  private void compare(String title, int cases, Own own) throws IOException, InterruptedException {
    EnvoyBinary.find();
    TestPki pki = new TestPki();
    pki.writeWorkload(directory);
    List<Neighbour> neighbours = neighbours(cases);
    List<Asked> asked = new ArrayList<>();
    InboundEnvoy envoy;
    try (RecordingBackend backend = RecordingBackend.start();
        InboundEnvoy running = new InboundEnvoy(directory, backend.address())) {
      envoy = running;
      for (Neighbour each : neighbours) {
        EnvoyDriver.add(running, each.rules());
        own.prepare(running, each.rules());
      }
      running.start();
      Driver.Factory drivers = own.drivers(pki, backend, running);
      for (Neighbour each : neighbours) {
        ask(each, running, backend, new WireClient(pki), drivers, asked);
      }
    }
    Map<String, JsonObject> log = envoy.accessLog();
    List<String> differences =
        asked.stream().map(each -> difference(each, log)).filter(Objects::nonNull).toList();
    System.out.printf(
        "%s: %d requests of %d cases, %d allowed by Envoy, %d decided otherwise%n",
        title,
        asked.size(),
        neighbours.size(),
        asked.stream().filter(each -> each.envoy().has("upstream")).count(),
        differences.size());
    Path file = DIFFERENCES.resolve(title.replace(' ', '-') + ".txt");
    Files.createDirectories(DIFFERENCES);
    Files.write(file, differences);
    assertThat(differences).as("see %s", file).isEmpty();
  }

  private static List<Neighbour> neighbours(int cases) {
    Draw draw = new Draw(SEED);
    NeighbourTokens tokens = new NeighbourTokens();
    List<Neighbour> neighbours = new ArrayList<>();
    for (int i = 0; i < cases; i++) {
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
      Driver.Factory drivers,
      List<Asked> asked)
      throws IOException {
    try (Driver real = new EnvoyDriver(envoy, backend, client, each.rules().name());
        Driver own = drivers.open(each.rules())) {
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
      // No HTTP to Envoy's ears: nothing has been decided, and must not be where it is heard.
      return own.has("reasons") || own.get("status").equals(envoy.get("status"))
          ? null
          : shown(asked, entry, List.of("status: " + own.get("status") + " (Envoy: 400)"));
    }
    for (String key : List.of("status", "body", "upstream", "xfcc", "response_headers")) {
      if (key.equals("xfcc") && own.has("reasons")) {
        continue; // The policies by themselves do not write it.
      }
      if (!Objects.equals(envoy.get(key), own.get(key))) {
        differ.add(key + ": " + own.get(key) + " (Envoy: " + envoy.get(key) + ")");
      }
    }
    if (entry != null && differ.isEmpty() && own.has("reasons")) {
      compareReasons(entry, own, differ);
    }
    if (entry != null && own.has("id")) {
      compareLogs(entry, log.get(own.get("id").getAsString()), differ);
    }
    return differ.isEmpty() ? null : shown(asked, entry, differ);
  }

  private static String shown(Asked asked, JsonObject entry, List<String> differ) {
    return String.join("\n", differ)
        + "\nreasons: "
        + asked.own().get("reasons")
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

  /** Both are Envoys, which have written down why. */
  private static void compareLogs(JsonObject entry, JsonObject own, List<String> differ) {
    for (String key : List.of("details", "audit", "rbac")) {
      JsonElement logged = own == null ? null : own.get(key);
      if (!Objects.equals(entry.get(key), logged)) {
        differ.add(key + ": " + logged + " (Envoy: " + entry.get(key) + ")");
      }
    }
  }
}
