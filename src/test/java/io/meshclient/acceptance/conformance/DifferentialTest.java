package io.meshclient.acceptance.conformance;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.meshclient.acceptance.backend.Backends;
import io.meshclient.acceptance.envoy.EnvoyBinary;
import io.meshclient.acceptance.replay.Corpus;
import io.meshclient.acceptance.replay.MeshProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * Generated policies and requests: the library and an Envoy that was exported from the same YAML
 * reach the same pods with the same request, and answer the same. A difference is told with the
 * fewest rules that show it.
 *
 * <p>{@code -Dconformance.generated=N} tries so many policies, {@code -Dconformance.seed=S} begins
 * with another one.
 */
@Tag("envoy")
class DifferentialTest {
  private static final List<String> COMPARED =
      List.of("status", "groups", "attempts", "upstream", "response_headers", "local_bodies");
  private static final int POLICIES = Integer.getInteger("conformance.generated", 4);
  private static final long SEED = Long.getLong("conformance.seed", 1);
  private static final Path SEEN = Path.of("target", "conformance", "generated");

  private Backends backends;

  @BeforeEach
  void start() throws IOException {
    EnvoyBinary.find();
    if (!"true".equals(System.getenv("CI"))) {
      assumeTrue(Files.isRegularFile(MeshProcess.JAR), MeshProcess.JAR + " is not there");
    }
    backends = Backends.start();
  }

  @AfterEach
  void stop() throws IOException {
    if (backends != null) {
      backends.close();
    }
  }

  @TestFactory
  Stream<DynamicTest> generated_policies() {
    return LongStream.range(SEED, SEED + POLICIES)
        .mapToObj(seed -> DynamicTest.dynamicTest("seed " + seed, () -> compare(seed)));
  }

  private void compare(long seed) throws Exception {
    GeneratedPolicy policy = GeneratedPolicy.of(seed);
    int differing = differing(policy);
    if (differing < 0) {
      return;
    }
    GeneratedPolicy smallest = policy.withRequest(differing);
    for (int rule = smallest.rules().size() - 1; rule >= 0; rule--) {
      GeneratedPolicy fewer = smallest.withoutRule(rule);
      if (!fewer.rules().isEmpty() && differing(fewer) >= 0) {
        smallest = fewer;
      }
    }
    GeneratedPolicy plain = smallest.withPlainDestination();
    if (differing(plain) >= 0) {
      smallest = plain;
    }
    JsonObject library = observed(smallest, MeshClientDriver.on(backends)).get(0);
    JsonObject envoy = observed(smallest, EnvoyTrafficDriver.on(backends, SEEN)).get(0);
    fail(smallest.yaml() + "the library: " + library + "\nEnvoy: " + envoy);
  }

  /** The first request that differs; -1 if none does. */
  private int differing(GeneratedPolicy policy) throws Exception {
    List<JsonObject> library = observed(policy, MeshClientDriver.on(backends));
    List<JsonObject> envoy = observed(policy, EnvoyTrafficDriver.on(backends, SEEN));
    for (int i = 0; i < library.size(); i++) {
      if (!Objects.equals(library.get(i), envoy.get(i))) {
        return i;
      }
    }
    return -1;
  }

  private List<JsonObject> observed(GeneratedPolicy policy, Driver.Factory drivers)
      throws Exception {
    ConformanceCase generated =
        CaseReader.read("generated", Corpus.shared("traffic").cluster(), policy.yaml());
    List<JsonObject> all = new ArrayList<>();
    try (Driver driver = drivers.open(generated)) {
      for (int i = 0; i < generated.requests().size(); i++) {
        CaseRequest request = generated.requests().get(i);
        JsonObject seen =
            Observation.of(request, new RequestReplay(request, driver, backends).run());
        JsonObject compared = new JsonObject();
        for (String key : COMPARED) {
          JsonElement value = seen.get(key);
          compared.add(key, value);
        }
        if (policy.isPodGiven(i)) {
          compared.add("reached", seen.get("reached"));
        }
        all.add(compared);
      }
    }
    return all;
  }
}
